"""SpeakOut Workbench: code qualitative surveys and focus groups in the browser."""

__version__ = "0.1.0"
