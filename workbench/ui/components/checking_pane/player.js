// The recording: play, pause, step, seek, speed. In: an address. Out: the time in milliseconds, told in
// every frame while it plays.

import { button, element, keycap } from "./dom.js";

const STEP_S = 3;
const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 2];

/** Minutes and seconds, as a clock shows them. */
export function clock(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

export class Player {
  constructor({ onTime, onProblem }) {
    this.onTime = onTime;
    this.audio = element("audio", "", { preload: "auto" });
    this.length = 0;
    this.stopAt = null;
    const small = (label, key, work) => {
      const node = button(label, "cp-small", work, { "aria-keyshortcuts": key });
      node.append(" ", keycap(key));
      return node;
    };
    this.playButton = small("Play", "Esc", () => this.toggle());
    this.bar = element("input", "ck-seek", { type: "range", min: 0, max: 0, step: 100, value: 0, "aria-label": "Place in the recording" });
    this.bar.addEventListener("input", () => this.seek(Number(this.bar.value)));
    this.time = element("span", "ck-time", {}, "0:00");
    this.speed = element("select", "ck-speed", { "aria-label": "Speed" },
      ...SPEEDS.map((speed) => element("option", "", { value: speed, selected: speed === 1 }, `${speed} ×`)));
    this.speed.addEventListener("change", () => this.setSpeed(Number(this.speed.value)));
    this.root = element("div", "ck-player", { role: "group", "aria-label": "Recording" },
      this.playButton,
      small("Back 3 s", "Alt ←", () => this.step(-STEP_S)),
      small("On 3 s", "Alt →", () => this.step(STEP_S)),
      this.bar, this.time, this.speed, this.audio);
    this.audio.addEventListener("play", () => this.#run());
    for (const name of ["pause", "ended", "seeked", "loadedmetadata"]) {
      this.audio.addEventListener(name, () => this.#tell());
    }
    this.audio.addEventListener("error", () => {
      if (this.audio.getAttribute("src")) onProblem();
    });
  }

  load(address, lengthMs) {
    this.length = lengthMs;
    this.bar.max = lengthMs;
    if (this.audio.getAttribute("src") === address) return;
    this.audio.pause();
    if (address) this.audio.setAttribute("src", address);
    else this.audio.removeAttribute("src");
    this.#tell();
  }

  get ms() {
    return Math.round(this.audio.currentTime * 1000);
  }

  toggle() {
    if (this.audio.paused) this.audio.play().catch(() => {});
    else this.audio.pause();
  }

  pause() {
    this.audio.pause();
  }

  step(seconds) {
    this.seek(this.ms + seconds * 1000);
  }

  seek(ms) {
    this.audio.currentTime = Math.max(0, Math.min(ms, this.length)) / 1000;
    this.#tell();
  }

  setSpeed(speed) {
    this.audio.playbackRate = speed;
    this.speed.value = String(speed);
  }

  /** One step slower (-1) or faster (1). */
  changeSpeed(by) {
    const at = SPEEDS.indexOf(this.audio.playbackRate);
    this.setSpeed(SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, (at < 0 ? 2 : at) + by))]);
  }

  #run() {
    const frame = () => {
      this.#tell();
      if (!this.audio.paused) requestAnimationFrame(frame);
    };
    frame();
  }

  #tell() {
    const playing = !this.audio.paused;
    const label = playing ? "Pause" : "Play";
    if (this.playButton.firstChild.data !== label) this.playButton.firstChild.data = label;
    const now = this.ms;
    if (document.activeElement !== this.bar || playing) this.bar.value = now;
    const said = `${clock(now)} of ${clock(this.length)}`;
    if (this.time.textContent !== said) {
      this.time.textContent = said;
      this.bar.setAttribute("aria-valuetext", said);
    }
    this.onTime(now, playing);
  }
}
