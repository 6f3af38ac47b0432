BEGIN TRANSACTION;
CREATE TABLE absent_answer (
	respondent_id INTEGER NOT NULL, 
	question_id INTEGER NOT NULL, 
	kind VARCHAR(10) NOT NULL, 
	state VARCHAR(20) NOT NULL, 
	file_name TEXT, 
	CONSTRAINT pk_absent_answer PRIMARY KEY (respondent_id, question_id, kind), 
	CONSTRAINT ck_absent_answer_kind CHECK (kind IN ('typed', 'spoken')), 
	CONSTRAINT ck_absent_answer_state CHECK (state IN ('blank', 'not_asked', 'awaiting_transcript')), 
	CONSTRAINT fk_absent_answer_question_id_question FOREIGN KEY(question_id) REFERENCES question (id), 
	CONSTRAINT fk_absent_answer_respondent_id_respondent FOREIGN KEY(respondent_id) REFERENCES respondent (id)
);
INSERT INTO "absent_answer" VALUES(2,2,'typed','blank',NULL);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0002');
CREATE TABLE anchor (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	coding_id INTEGER NOT NULL, 
	revision_id INTEGER NOT NULL, 
	start INTEGER, 
	"end" INTEGER, 
	state VARCHAR(10) NOT NULL, 
	reason TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT ck_anchor_state CHECK (state IN ('placed', 'flagged')), 
	CONSTRAINT ck_anchor_span CHECK ("start" IS NULL OR ("start" >= 0 AND "end" > "start")), 
	CONSTRAINT fk_anchor_coding_id_coding FOREIGN KEY(coding_id) REFERENCES coding (id), 
	CONSTRAINT fk_anchor_revision_id_revision FOREIGN KEY(revision_id) REFERENCES revision (id), 
	CONSTRAINT uq_anchor_coding_id_revision_id UNIQUE (coding_id, revision_id)
);
INSERT INTO "anchor" VALUES(1,1,1,20,33,'placed','');
INSERT INTO "anchor" VALUES(2,2,1,4,12,'placed','');
INSERT INTO "anchor" VALUES(3,1,8,26,39,'placed','');
INSERT INTO "anchor" VALUES(4,2,8,10,18,'placed','');
INSERT INTO "anchor" VALUES(5,3,3,NULL,NULL,'placed','');
INSERT INTO "anchor" VALUES(6,4,6,15,19,'placed','');
CREATE TABLE assignment (
	document_id INTEGER NOT NULL, 
	coder_id INTEGER NOT NULL, 
	blind BOOLEAN NOT NULL, 
	created_at VARCHAR(24) NOT NULL, 
	CONSTRAINT pk_assignment PRIMARY KEY (document_id, coder_id), 
	CONSTRAINT fk_assignment_coder_id_coder FOREIGN KEY(coder_id) REFERENCES coder (id), 
	CONSTRAINT fk_assignment_document_id_document FOREIGN KEY(document_id) REFERENCES document (id)
);
CREATE TABLE attribute (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	study_id INTEGER NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	label TEXT DEFAULT '' NOT NULL, 
	kind VARCHAR(10) NOT NULL, 
	position INTEGER NOT NULL, 
	grouping BOOLEAN NOT NULL, 
	identifying BOOLEAN NOT NULL, 
	ordered_values JSON NOT NULL, 
	derived_from INTEGER, 
	value_map JSON, edited JSON, 
	CONSTRAINT ck_attribute_kind CHECK (kind IN ('category', 'ordered', 'number', 'date', 'multi')), 
	CONSTRAINT fk_attribute_derived_from_attribute FOREIGN KEY(derived_from) REFERENCES attribute (id), 
	CONSTRAINT fk_attribute_study_id_study FOREIGN KEY(study_id) REFERENCES study (id), 
	CONSTRAINT uq_attribute_study_id_name UNIQUE (study_id, name)
);
INSERT INTO "attribute" VALUES(1,1,'group','','category',0,1,0,'[]',NULL,NULL,NULL);
INSERT INTO "attribute" VALUES(2,1,'age','','ordered',1,1,0,'["young", "middle", "old"]',NULL,NULL,NULL);
INSERT INTO "attribute" VALUES(3,1,'needs','','multi',2,1,0,'[]',NULL,NULL,NULL);
INSERT INTO "attribute" VALUES(4,1,'email','','category',3,0,1,'[]',NULL,NULL,NULL);
CREATE TABLE attribute_edit (
	respondent_id INTEGER NOT NULL, 
	attribute_id INTEGER NOT NULL, 
	coder_id INTEGER NOT NULL, 
	changed_at VARCHAR(24) NOT NULL, 
	CONSTRAINT pk_attribute_edit PRIMARY KEY (respondent_id, attribute_id), 
	CONSTRAINT fk_attribute_edit_respondent_id_respondent FOREIGN KEY(respondent_id) REFERENCES respondent (id), 
	CONSTRAINT fk_attribute_edit_attribute_id_attribute FOREIGN KEY(attribute_id) REFERENCES attribute (id), 
	CONSTRAINT fk_attribute_edit_coder_id_coder FOREIGN KEY(coder_id) REFERENCES coder (id)
);
CREATE TABLE code (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	study_id INTEGER NOT NULL, 
	guid VARCHAR(36) NOT NULL, 
	parent_id INTEGER, 
	name VARCHAR(200) NOT NULL, 
	colour VARCHAR(7) DEFAULT '' NOT NULL, 
	definition TEXT DEFAULT '' NOT NULL, 
	include TEXT DEFAULT '' NOT NULL, 
	exclude TEXT DEFAULT '' NOT NULL, 
	examples JSON NOT NULL, 
	cues JSON NOT NULL, 
	rests_on JSON NOT NULL, 
	position INTEGER NOT NULL, 
	status VARCHAR(10) NOT NULL, 
	merged_into INTEGER, 
	created_at VARCHAR(24) NOT NULL, 
	deleted_at VARCHAR(24), 
	CONSTRAINT ck_code_status CHECK (status IN ('active', 'retired', 'merged')), 
	CONSTRAINT fk_code_merged_into_code FOREIGN KEY(merged_into) REFERENCES code (id), 
	CONSTRAINT fk_code_parent_id_code FOREIGN KEY(parent_id) REFERENCES code (id), 
	CONSTRAINT fk_code_study_id_study FOREIGN KEY(study_id) REFERENCES study (id), 
	CONSTRAINT uq_code_guid UNIQUE (guid)
);
INSERT INTO "code" VALUES(1,1,'23f9103c-cace-4cb2-b4b7-d2d592d18b64',NULL,'Access','#882255','','','','[]','[]','[]',0,'active',NULL,'2026-11-26T02:56:07.036Z',NULL);
INSERT INTO "code" VALUES(2,1,'160fb812-6171-4601-9800-f310a85821bf',1,'Waiting','','','','','[]','[]','[]',0,'active',NULL,'2026-11-26T02:56:07.045Z',NULL);
INSERT INTO "code" VALUES(3,1,'6875d703-b45c-44b1-aeee-96df76df67d5',1,'Phone','','','','','[]','[]','[]',1,'active',NULL,'2026-11-26T02:56:07.047Z',NULL);
INSERT INTO "code" VALUES(4,1,'731608c1-8ffa-46e6-99e7-9c71abe7693d',NULL,'School','#332288','','','','[]','[]','[]',1,'active',NULL,'2026-11-26T02:56:07.048Z',NULL);
INSERT INTO "code" VALUES(5,1,'c70bfc26-a117-40e2-8315-c527d1843230',NULL,'Schooling','#44AA99','','','','[]','[]','[]',2,'active',NULL,'2026-11-26T02:56:07.054Z',NULL);
CREATE TABLE code_ancestor (
	code_id INTEGER NOT NULL, 
	ancestor_id INTEGER NOT NULL, 
	depth INTEGER NOT NULL, 
	CONSTRAINT pk_code_ancestor PRIMARY KEY (code_id, ancestor_id), 
	CONSTRAINT fk_code_ancestor_ancestor_id_code FOREIGN KEY(ancestor_id) REFERENCES code (id), 
	CONSTRAINT fk_code_ancestor_code_id_code FOREIGN KEY(code_id) REFERENCES code (id)
);
INSERT INTO "code_ancestor" VALUES(1,1,0);
INSERT INTO "code_ancestor" VALUES(2,2,0);
INSERT INTO "code_ancestor" VALUES(2,1,1);
INSERT INTO "code_ancestor" VALUES(3,3,0);
INSERT INTO "code_ancestor" VALUES(3,1,1);
INSERT INTO "code_ancestor" VALUES(4,4,0);
INSERT INTO "code_ancestor" VALUES(5,5,0);
CREATE TABLE codebook_version (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	study_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	name VARCHAR(200), 
	note TEXT DEFAULT '' NOT NULL, 
	snapshot JSON NOT NULL, 
	created_by INTEGER NOT NULL, 
	created_at VARCHAR(24) NOT NULL, 
	CONSTRAINT fk_codebook_version_created_by_coder FOREIGN KEY(created_by) REFERENCES coder (id), 
	CONSTRAINT fk_codebook_version_study_id_study FOREIGN KEY(study_id) REFERENCES study (id), 
	CONSTRAINT uq_codebook_version_study_id_number UNIQUE (study_id, number)
);
INSERT INTO "codebook_version" VALUES(1,1,1,NULL,'','[{"id": 1, "path": ["Access"], "definition": "", "include": "", "exclude": "", "status": "active"}, {"id": 2, "path": ["Access", "Waiting"], "definition": "", "include": "", "exclude": "", "status": "active"}, {"id": 3, "path": ["Access", "Phone"], "definition": "", "include": "", "exclude": "", "status": "active"}, {"id": 4, "path": ["School"], "definition": "", "include": "", "exclude": "", "status": "active"}, {"id": 5, "path": ["Schooling"], "definition": "", "include": "", "exclude": "", "status": "active"}]',1,'2026-11-26T02:56:07.064Z');
CREATE TABLE coder (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	guid VARCHAR(36) NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	name_key VARCHAR(200) NOT NULL, 
	created_at VARCHAR(24) NOT NULL, preferences JSON DEFAULT '{}' NOT NULL, 
	CONSTRAINT uq_coder_guid UNIQUE (guid), 
	CONSTRAINT uq_coder_name_key UNIQUE (name_key)
);
INSERT INTO "coder" VALUES(1,'c24c59d4-4f8c-479f-a953-98f2df8309da','Asha','asha','2026-11-26T02:56:06.830Z','{}');
INSERT INTO "coder" VALUES(2,'c8037d4c-5f65-4b51-9e16-a783b395ea2a','Ben','ben','2026-11-26T02:56:07.197Z','{}');
CREATE TABLE coding (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	guid VARCHAR(36) NOT NULL, 
	document_id INTEGER NOT NULL, 
	scope VARCHAR(10) NOT NULL, 
	code_id INTEGER NOT NULL, 
	coder_id INTEGER NOT NULL, 
	codebook_version_id INTEGER, 
	origin VARCHAR(15) NOT NULL, 
	created_at VARCHAR(24) NOT NULL, 
	deleted_at VARCHAR(24), 
	CONSTRAINT ck_coding_origin CHECK (origin IN ('person', 'import', 'suggestion', 'adjudication')), 
	CONSTRAINT ck_coding_scope CHECK (scope IN ('span', 'document')), 
	CONSTRAINT fk_coding_code_id_code FOREIGN KEY(code_id) REFERENCES code (id), 
	CONSTRAINT fk_coding_codebook_version_id_codebook_version FOREIGN KEY(codebook_version_id) REFERENCES codebook_version (id), 
	CONSTRAINT fk_coding_coder_id_coder FOREIGN KEY(coder_id) REFERENCES coder (id), 
	CONSTRAINT fk_coding_document_id_document FOREIGN KEY(document_id) REFERENCES document (id), 
	CONSTRAINT uq_coding_guid UNIQUE (guid)
);
INSERT INTO "coding" VALUES(1,'3c9b8c75-9acd-4316-9153-6b4ed8a88882',1,'span',2,1,1,'person','2026-11-26T02:56:07.157Z',NULL);
INSERT INTO "coding" VALUES(2,'c45f20be-b8fc-41b4-ace8-da3958ee0c8f',1,'span',3,2,1,'person','2026-11-26T02:56:07.233Z',NULL);
INSERT INTO "coding" VALUES(3,'9232fca2-9b15-4f26-9e55-0b83bbddee6e',3,'document',4,1,1,'person','2026-11-26T02:56:07.326Z',NULL);
INSERT INTO "coding" VALUES(4,'c5dc75af-6b17-44eb-84e8-181d35d0ff07',6,'span',4,1,1,'person','2026-11-26T02:56:07.358Z',NULL);
CREATE TABLE coding_respondent (
	coding_id INTEGER NOT NULL, 
	respondent_id INTEGER NOT NULL, 
	document_id INTEGER NOT NULL, 
	code_id INTEGER NOT NULL, 
	coder_id INTEGER NOT NULL, opens_any INTEGER, opens_own INTEGER, 
	CONSTRAINT pk_coding_respondent PRIMARY KEY (coding_id, respondent_id), 
	CONSTRAINT fk_coding_respondent_code_id_code FOREIGN KEY(code_id) REFERENCES code (id), 
	CONSTRAINT fk_coding_respondent_coder_id_coder FOREIGN KEY(coder_id) REFERENCES coder (id), 
	CONSTRAINT fk_coding_respondent_coding_id_coding FOREIGN KEY(coding_id) REFERENCES coding (id), 
	CONSTRAINT fk_coding_respondent_document_id_document FOREIGN KEY(document_id) REFERENCES document (id), 
	CONSTRAINT fk_coding_respondent_respondent_id_respondent FOREIGN KEY(respondent_id) REFERENCES respondent (id)
);
INSERT INTO "coding_respondent" VALUES(1,1,1,2,1,1,1);
INSERT INTO "coding_respondent" VALUES(2,1,1,3,2,1,1);
INSERT INTO "coding_respondent" VALUES(3,2,3,4,1,1,1);
INSERT INTO "coding_respondent" VALUES(4,4,6,4,1,1,1);
CREATE TABLE document (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	study_id INTEGER NOT NULL, 
	guid VARCHAR(36) NOT NULL, 
	kind VARCHAR(20) NOT NULL, 
	ref VARCHAR(200), 
	respondent_id INTEGER, 
	question_id INTEGER, 
	answer_kind VARCHAR(10), 
	recording_id INTEGER, 
	language VARCHAR(20), 
	translation_of INTEGER, 
	current_revision_id INTEGER, 
	codable BOOLEAN NOT NULL, 
	adjudicated_at VARCHAR(24), 
	adjudicated_by INTEGER, 
	created_at VARCHAR(24) NOT NULL, n_words INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT ck_document_kind CHECK (kind IN ('answer', 'voice_note', 'focus_group', 'note')), 
	CONSTRAINT fk_document_adjudicated_by_coder FOREIGN KEY(adjudicated_by) REFERENCES coder (id), 
	CONSTRAINT fk_document_question_id_question FOREIGN KEY(question_id) REFERENCES question (id), 
	CONSTRAINT fk_document_recording_id_recording FOREIGN KEY(recording_id) REFERENCES recording (id), 
	CONSTRAINT fk_document_respondent_id_respondent FOREIGN KEY(respondent_id) REFERENCES respondent (id), 
	CONSTRAINT fk_document_study_id_study FOREIGN KEY(study_id) REFERENCES study (id), 
	CONSTRAINT fk_document_translation_of_document FOREIGN KEY(translation_of) REFERENCES document (id), 
	CONSTRAINT uq_document_guid UNIQUE (guid), 
	CONSTRAINT uq_document_study_id_ref UNIQUE (study_id, ref), 
	CONSTRAINT answer UNIQUE (study_id, respondent_id, question_id, answer_kind)
);
INSERT INTO "document" VALUES(1,1,'01a215c8-211a-7000-a1cb-359e12a87448','answer',NULL,1,1,'typed',NULL,NULL,NULL,8,1,NULL,NULL,'2026-11-26T02:56:06.938Z',8);
INSERT INTO "document" VALUES(2,1,'01a215c8-211a-7001-b8a5-5be8f1c49b6a','answer',NULL,1,2,'typed',NULL,NULL,NULL,2,1,NULL,NULL,'2026-11-26T02:56:06.938Z',2);
INSERT INTO "document" VALUES(3,1,'01a215c8-211a-7002-b343-550c7c45c010','answer',NULL,2,1,'typed',NULL,NULL,NULL,3,1,NULL,NULL,'2026-11-26T02:56:06.938Z',6);
INSERT INTO "document" VALUES(4,1,'01a215c8-211a-7003-94fe-c981f06007f4','answer',NULL,3,1,'typed',NULL,NULL,NULL,4,1,NULL,NULL,'2026-11-26T02:56:06.938Z',6);
INSERT INTO "document" VALUES(5,1,'01a215c8-211a-7004-847b-fc66c2e2adea','answer',NULL,3,2,'typed',NULL,NULL,NULL,5,1,NULL,NULL,'2026-11-26T02:56:06.938Z',1);
INSERT INTO "document" VALUES(6,1,'01a215c8-211a-7005-9378-e235c74d565c','answer',NULL,4,1,'typed',NULL,NULL,NULL,6,1,NULL,NULL,'2026-11-26T02:56:06.938Z',4);
INSERT INTO "document" VALUES(7,1,'01a215c8-211a-7006-85fa-90d036bc423a','answer',NULL,4,2,'typed',NULL,NULL,NULL,7,1,NULL,NULL,'2026-11-26T02:56:06.938Z',2);
CREATE TABLE document_state (
	document_id INTEGER NOT NULL, 
	coder_id INTEGER NOT NULL, 
	state VARCHAR(12) NOT NULL, 
	done_at VARCHAR(24), 
	first_done_at VARCHAR(24), 
	CONSTRAINT pk_document_state PRIMARY KEY (document_id, coder_id), 
	CONSTRAINT ck_document_state_state CHECK (state IN ('untouched', 'in_progress', 'done')), 
	CONSTRAINT fk_document_state_coder_id_coder FOREIGN KEY(coder_id) REFERENCES coder (id), 
	CONSTRAINT fk_document_state_document_id_document FOREIGN KEY(document_id) REFERENCES document (id)
);
INSERT INTO "document_state" VALUES(1,1,'in_progress',NULL,NULL);
INSERT INTO "document_state" VALUES(1,2,'in_progress',NULL,NULL);
INSERT INTO "document_state" VALUES(3,1,'done','2026-11-26T02:56:07.312Z','2026-11-26T02:56:07.312Z');
INSERT INTO "document_state" VALUES(6,1,'in_progress',NULL,NULL);
CREATE TABLE event (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	study_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	operation_uuid VARCHAR(36) NOT NULL, 
	actor_id INTEGER NOT NULL, 
	verb VARCHAR(30) NOT NULL, 
	payload TEXT NOT NULL, 
	created_at VARCHAR(24) NOT NULL, 
	previous_hash VARCHAR(64) NOT NULL, 
	hash VARCHAR(64) NOT NULL, 
	CONSTRAINT fk_event_actor_id_coder FOREIGN KEY(actor_id) REFERENCES coder (id), 
	CONSTRAINT fk_event_study_id_study FOREIGN KEY(study_id) REFERENCES study (id), 
	CONSTRAINT uq_event_study_id_number UNIQUE (study_id, number)
);
INSERT INTO "event" VALUES(1,1,1,'c62ad854-ccba-40d4-8b4d-e15f5536fff8',1,'create study','{"digest":"ea037b89357d7fc12c2499434dc214f1e5d917b49517ef6ac3c01c8acbf34204","targets":[]}','2026-11-26T02:56:06.844Z','0000000000000000000000000000000000000000000000000000000000000000','a223f7977fa25ce8b3be27ed0243277ac6a5d9ffdd241dc58290a140df6a42e9');
INSERT INTO "event" VALUES(2,1,2,'5cebad04-72fc-4a37-859a-bd219e94540a',1,'ingest survey','{"answers_changed":0,"answers_new":7,"batch":1,"digest":"ea037b89357d7fc12c2499434dc214f1e5d917b49517ef6ac3c01c8acbf34204","respondents_new":4,"targets":[["import_batch",1]]}','2026-11-26T02:56:07.020Z','a223f7977fa25ce8b3be27ed0243277ac6a5d9ffdd241dc58290a140df6a42e9','484f54ca2071c327fee3b15eb7b99759996398f4e12cc294ddf9dbbb71ccdec7');
INSERT INTO "event" VALUES(3,1,3,'7cb8adc1-7e16-4200-9d34-c4d3c345a696',1,'load codebook','{"digest":"0d0186f633b2fb0685eb7a73390dbb97fd39fa2caf0631bb2e110f9336d9e9bf","targets":[["code",1],["code",2],["code",3],["code",4],["code",5]]}','2026-11-26T02:56:07.069Z','484f54ca2071c327fee3b15eb7b99759996398f4e12cc294ddf9dbbb71ccdec7','1b9de67e5d6fac5f0c08226189233fed29e66c1c570bab2f35a0b7e465a62c7d');
INSERT INTO "event" VALUES(4,1,4,'c75921fc-4866-4f61-85c6-cfeb3c1a9e93',1,'code','{"digest":"3130661efbf1556c354a9f999d1b1f09fc564b37ce6ad9e680dbcf83d3f8010a","document":1,"targets":[["coding",1]]}','2026-11-26T02:56:07.190Z','1b9de67e5d6fac5f0c08226189233fed29e66c1c570bab2f35a0b7e465a62c7d','78f63b2a60ed699194b970420dd886a6cff7c1d4e392879f673e132f5ab8297d');
INSERT INTO "event" VALUES(5,1,5,'53d77de8-3a73-4e1c-bca4-ac50ceba64e3',2,'code','{"digest":"b9c0404d090d1f221d25054fa06b32c297a41158df682360ddcadaebfff00e53","document":1,"targets":[["coding",2]]}','2026-11-26T02:56:07.235Z','78f63b2a60ed699194b970420dd886a6cff7c1d4e392879f673e132f5ab8297d','23b935c12958b75b66666f2dbb7ed710c6a862334e2748e0b536904570e161f3');
INSERT INTO "event" VALUES(6,1,6,'2d68de28-f3ce-4b56-9e8f-c91fe4cda9fa',1,'memo','{"digest":"5e14a4d1bc6380b638f24ad424d8fc4313f1219cfc88cb946fb645a0e4d67127","document":1,"targets":[["coding",1],["memo",1]]}','2026-11-26T02:56:07.255Z','23b935c12958b75b66666f2dbb7ed710c6a862334e2748e0b536904570e161f3','4b0495ba11f6f40511d5d0d5cf87adc5296296d057cbbbe7aabc9183cd67ad95');
INSERT INTO "event" VALUES(7,1,7,'765ed9c7-f311-4e5b-bcd0-87f7449f5a34',1,'ingest survey','{"answers_changed":1,"answers_new":0,"batch":2,"digest":"ea037b89357d7fc12c2499434dc214f1e5d917b49517ef6ac3c01c8acbf34204","respondents_new":0,"targets":[["document",1],["import_batch",2]]}','2026-11-26T02:56:07.307Z','4b0495ba11f6f40511d5d0d5cf87adc5296296d057cbbbe7aabc9183cd67ad95','f40654921836eb22aabc60e10614decfc7f31ad1098b538263822d6e400d6924');
INSERT INTO "event" VALUES(8,1,8,'67e6fd54-fc29-418c-a7b9-ea0d8d26d3fa',1,'done','{"digest":"b5bdedbf74b48e0c1d9bc99c0402d1e75b9659fe26a0a20783fb35fe1f7ae320","document":3,"targets":[["document_state",3]]}','2026-11-26T02:56:07.317Z','f40654921836eb22aabc60e10614decfc7f31ad1098b538263822d6e400d6924','681377a2785053b25abe8c5fabad4dc146e25bfadd8c96f549f4eef520fd0bf8');
INSERT INTO "event" VALUES(9,1,9,'a245f412-0e74-4fcf-908b-df6f27b8e14a',1,'code','{"digest":"990b8172a744a471f6c4deee418e320d4e81b3b0e8cbd26f9a4946429c330216","document":3,"targets":[["coding",3]]}','2026-11-26T02:56:07.330Z','681377a2785053b25abe8c5fabad4dc146e25bfadd8c96f549f4eef520fd0bf8','474da98891e6f6a5f7b59e305f830c4e3c9ac2b310c67964f201b317f12567bd');
INSERT INTO "event" VALUES(10,1,10,'5dfb9038-9d54-47b7-9f8a-affcf06be891',1,'code','{"digest":"81ebec67d3e8f28cd2e1931c743adc6fb6f13c302988df547749d48bbe40db4f","document":6,"targets":[["coding",4]]}','2026-11-26T02:56:07.359Z','474da98891e6f6a5f7b59e305f830c4e3c9ac2b310c67964f201b317f12567bd','ce9b90fd1ce57bd000e19155a9e7ca60a47d6bc494cff27da5e4bc073eb02777');
CREATE TABLE event_head (
	study_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	hash VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_event_head PRIMARY KEY (study_id), 
	CONSTRAINT fk_event_head_study_id_study FOREIGN KEY(study_id) REFERENCES study (id)
);
INSERT INTO "event_head" VALUES(1,10,'ce9b90fd1ce57bd000e19155a9e7ca60a47d6bc494cff27da5e4bc073eb02777');
CREATE TABLE "import_batch" (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	study_id INTEGER NOT NULL, 
	kind VARCHAR(20) NOT NULL, 
	file_name TEXT NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	mapping TEXT NOT NULL, 
	report JSON NOT NULL, 
	created_by INTEGER NOT NULL, 
	created_at VARCHAR(24) NOT NULL, 
	undone_at VARCHAR(24), 
	survey_id INTEGER, 
	"before" JSON, 
	CONSTRAINT fk_import_batch_created_by_coder FOREIGN KEY(created_by) REFERENCES coder (id), 
	CONSTRAINT fk_import_batch_study_id_study FOREIGN KEY(study_id) REFERENCES study (id), 
	CONSTRAINT fk_import_batch_survey_id_survey FOREIGN KEY(survey_id) REFERENCES survey (id)
);
INSERT INTO "import_batch" VALUES(1,1,'survey','survey.csv','3aac008c02f457099c8de0bf4748bee9692d685cb9becfe49cf99c6f378f9c13','','{"study": "Test", "study_created": false, "survey": "Survey", "survey_created": true, "respondents_new": 4, "respondents_updated": 0, "respondents_unchanged": 0, "respondents_missing": 0, "answers_new": 7, "answers_changed": 0, "answers_unchanged": 0, "answers_blank": 1, "answers_not_asked": 0, "answers_awaiting_transcript": 0, "answers_kept": 0, "values_changed": 0, "values_set_by_hand": 0, "codings_reanchored": 0, "codings_flagged": 0, "rows_excluded": 0, "excluded": {}, "undecided": [], "bad_rows": [], "warnings": []}',1,'2026-11-26T02:56:06.904Z',NULL,1,'{"survey_made": 1, "attributes_made": [2, 4, 1, 3], "questions_made": [1, 2], "attributes": [], "questions": [], "questions_linked": [1, 2], "values": [], "absences": [], "absences_made": {}, "quotable": []}');
INSERT INTO "import_batch" VALUES(2,1,'survey','survey.csv','2d428c50ac8f1283d295f2f568248c99518f8cac628882a8c20c78ea6bd2032f','','{"study": "Test", "study_created": false, "survey": "Survey", "survey_created": false, "respondents_new": 0, "respondents_updated": 1, "respondents_unchanged": 3, "respondents_missing": 0, "answers_new": 0, "answers_changed": 1, "answers_unchanged": 6, "answers_blank": 1, "answers_not_asked": 0, "answers_awaiting_transcript": 0, "answers_kept": 0, "values_changed": 0, "values_set_by_hand": 0, "codings_reanchored": 2, "codings_flagged": 0, "rows_excluded": 0, "excluded": {}, "undecided": [], "bad_rows": [], "warnings": []}',1,'2026-11-26T02:56:07.268Z',NULL,1,'{"survey_made": null, "attributes_made": [], "questions_made": [], "attributes": [], "questions": [], "questions_linked": [], "values": [], "absences": [], "absences_made": {}, "quotable": []}');
CREATE TABLE matrix_cell (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	study_id INTEGER NOT NULL, 
	respondent_id INTEGER NOT NULL, 
	code_id INTEGER NOT NULL, 
	author_id INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	changed_at VARCHAR(24) NOT NULL, 
	CONSTRAINT fk_matrix_cell_author_id_coder FOREIGN KEY(author_id) REFERENCES coder (id), 
	CONSTRAINT fk_matrix_cell_code_id_code FOREIGN KEY(code_id) REFERENCES code (id), 
	CONSTRAINT fk_matrix_cell_respondent_id_respondent FOREIGN KEY(respondent_id) REFERENCES respondent (id), 
	CONSTRAINT fk_matrix_cell_study_id_study FOREIGN KEY(study_id) REFERENCES study (id), 
	CONSTRAINT uq_matrix_cell_respondent_id_code_id UNIQUE (respondent_id, code_id)
);
CREATE TABLE membership (
	study_id INTEGER NOT NULL, 
	coder_id INTEGER NOT NULL, 
	role VARCHAR(10) NOT NULL, 
	created_at VARCHAR(24) NOT NULL, 
	CONSTRAINT pk_membership PRIMARY KEY (study_id, coder_id), 
	CONSTRAINT ck_membership_role CHECK (role IN ('owner', 'coder', 'viewer')), 
	CONSTRAINT fk_membership_coder_id_coder FOREIGN KEY(coder_id) REFERENCES coder (id), 
	CONSTRAINT fk_membership_study_id_study FOREIGN KEY(study_id) REFERENCES study (id)
);
INSERT INTO "membership" VALUES(1,1,'owner','2026-11-26T02:56:06.834Z');
INSERT INTO "membership" VALUES(1,2,'coder','2026-11-26T02:56:07.224Z');
CREATE TABLE memo (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	guid VARCHAR(36) NOT NULL, 
	study_id INTEGER NOT NULL, 
	target_kind VARCHAR(20) NOT NULL, 
	target_id INTEGER NOT NULL, 
	reply_to INTEGER, 
	text TEXT NOT NULL, 
	author_id INTEGER NOT NULL, 
	created_at VARCHAR(24) NOT NULL, 
	changed_at VARCHAR(24) NOT NULL, 
	deleted_at VARCHAR(24), 
	CONSTRAINT ck_memo_target_kind CHECK (target_kind IN ('study', 'code', 'document', 'coding', 'respondent', 'codebook_version')), 
	CONSTRAINT fk_memo_author_id_coder FOREIGN KEY(author_id) REFERENCES coder (id), 
	CONSTRAINT fk_memo_reply_to_memo FOREIGN KEY(reply_to) REFERENCES memo (id), 
	CONSTRAINT fk_memo_study_id_study FOREIGN KEY(study_id) REFERENCES study (id), 
	CONSTRAINT uq_memo_guid UNIQUE (guid)
);
INSERT INTO "memo" VALUES(1,'2a9cad12-8061-4a36-a409-ab2690d8de19',1,'coding',1,NULL,'a memo',1,'2026-11-26T02:56:07.254Z','2026-11-26T02:56:07.254Z',NULL);
CREATE TABLE operation (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	uuid VARCHAR(36) NOT NULL, 
	study_id INTEGER NOT NULL, 
	actor_id INTEGER NOT NULL, 
	verb VARCHAR(30) NOT NULL, 
	label TEXT DEFAULT '' NOT NULL, 
	document_id INTEGER, 
	forward JSON NOT NULL, 
	inverse JSON, 
	undoes INTEGER, 
	undone_by INTEGER, 
	passed_over BOOLEAN DEFAULT 0 NOT NULL, 
	created_at VARCHAR(24) NOT NULL, 
	CONSTRAINT fk_operation_actor_id_coder FOREIGN KEY(actor_id) REFERENCES coder (id), 
	CONSTRAINT fk_operation_document_id_document FOREIGN KEY(document_id) REFERENCES document (id), 
	CONSTRAINT fk_operation_study_id_study FOREIGN KEY(study_id) REFERENCES study (id), 
	CONSTRAINT fk_operation_undoes_operation FOREIGN KEY(undoes) REFERENCES operation (id), 
	CONSTRAINT fk_operation_undone_by_operation FOREIGN KEY(undone_by) REFERENCES operation (id), 
	CONSTRAINT uq_operation_uuid UNIQUE (uuid)
);
INSERT INTO "operation" VALUES(1,'c62ad854-ccba-40d4-8b4d-e15f5536fff8',1,1,'create study','the study Test',NULL,'{}',NULL,NULL,NULL,0,'2026-11-26T02:56:06.839Z');
INSERT INTO "operation" VALUES(2,'5cebad04-72fc-4a37-859a-bd219e94540a',1,1,'ingest survey','importing survey.csv',NULL,'{}',NULL,NULL,NULL,0,'2026-11-26T02:56:07.018Z');
INSERT INTO "operation" VALUES(3,'7cb8adc1-7e16-4200-9d34-c4d3c345a696',1,1,'load codebook','codebook Small',NULL,'{"code": [{"id": 1, "parent_id": null, "name": "Access", "colour": "#882255", "definition": "", "include": "", "exclude": "", "examples": [], "cues": [], "rests_on": [], "position": 0, "status": "active", "merged_into": null, "deleted_at": null}, {"id": 2, "parent_id": 1, "name": "Waiting", "colour": "", "definition": "", "include": "", "exclude": "", "examples": [], "cues": [], "rests_on": [], "position": 0, "status": "active", "merged_into": null, "deleted_at": null}, {"id": 3, "parent_id": 1, "name": "Phone", "colour": "", "definition": "", "include": "", "exclude": "", "examples": [], "cues": [], "rests_on": [], "position": 1, "status": "active", "merged_into": null, "deleted_at": null}, {"id": 4, "parent_id": null, "name": "School", "colour": "#332288", "definition": "", "include": "", "exclude": "", "examples": [], "cues": [], "rests_on": [], "position": 1, "status": "active", "merged_into": null, "deleted_at": null}, {"id": 5, "parent_id": null, "name": "Schooling", "colour": "#44AA99", "definition": "", "include": "", "exclude": "", "examples": [], "cues": [], "rests_on": [], "position": 2, "status": "active", "merged_into": null, "deleted_at": null}]}','{"code": [{"id": 1, "parent_id": null, "name": "Access", "colour": "#882255", "definition": "", "include": "", "exclude": "", "examples": [], "cues": [], "rests_on": [], "position": 0, "status": "active", "merged_into": null, "deleted_at": "2026-11-26T02:56:07.044Z"}, {"id": 2, "parent_id": 1, "name": "Waiting", "colour": "", "definition": "", "include": "", "exclude": "", "examples": [], "cues": [], "rests_on": [], "position": 0, "status": "active", "merged_into": null, "deleted_at": "2026-11-26T02:56:07.046Z"}, {"id": 3, "parent_id": 1, "name": "Phone", "colour": "", "definition": "", "include": "", "exclude": "", "examples": [], "cues": [], "rests_on": [], "position": 1, "status": "active", "merged_into": null, "deleted_at": "2026-11-26T02:56:07.048Z"}, {"id": 4, "parent_id": null, "name": "School", "colour": "#332288", "definition": "", "include": "", "exclude": "", "examples": [], "cues": [], "rests_on": [], "position": 1, "status": "active", "merged_into": null, "deleted_at": "2026-11-26T02:56:07.049Z"}, {"id": 5, "parent_id": null, "name": "Schooling", "colour": "#44AA99", "definition": "", "include": "", "exclude": "", "examples": [], "cues": [], "rests_on": [], "position": 2, "status": "active", "merged_into": null, "deleted_at": "2026-11-26T02:56:07.054Z"}]}',NULL,NULL,0,'2026-11-26T02:56:07.065Z');
INSERT INTO "operation" VALUES(4,'c75921fc-4866-4f61-85c6-cfeb3c1a9e93',1,1,'code','Waiting on R1',1,'{"coding": [{"id": 1, "deleted_at": null}]}','{"coding": [{"id": 1, "deleted_at": "2026-11-26T02:56:07.181Z"}]}',NULL,NULL,0,'2026-11-26T02:56:07.181Z');
INSERT INTO "operation" VALUES(5,'53d77de8-3a73-4e1c-bca4-ac50ceba64e3',1,2,'code','Phone on R1',1,'{"coding": [{"id": 2, "deleted_at": null}]}','{"coding": [{"id": 2, "deleted_at": "2026-11-26T02:56:07.235Z"}]}',NULL,NULL,0,'2026-11-26T02:56:07.235Z');
INSERT INTO "operation" VALUES(6,'2d68de28-f3ce-4b56-9e8f-c91fe4cda9fa',1,1,'memo','the memo on R1',1,'{"memo": [{"id": 1, "text": "a memo", "deleted_at": null}]}','{"memo": [{"id": 1, "text": "a memo", "deleted_at": "2026-11-26T02:56:07.255Z"}]}',NULL,NULL,0,'2026-11-26T02:56:07.255Z');
INSERT INTO "operation" VALUES(7,'765ed9c7-f311-4e5b-bcd0-87f7449f5a34',1,1,'ingest survey','importing survey.csv',NULL,'{}',NULL,NULL,NULL,0,'2026-11-26T02:56:07.306Z');
INSERT INTO "operation" VALUES(8,'67e6fd54-fc29-418c-a7b9-ea0d8d26d3fa',1,1,'done','done on R2',3,'{"document_state": [{"document_id": 3, "coder_id": 1, "state": "done", "done_at": "2026-11-26T02:56:07.312Z", "first_done_at": "2026-11-26T02:56:07.312Z"}]}','{"document_state": [{"document_id": 3, "coder_id": 1, "state": "untouched", "done_at": null, "first_done_at": "2026-11-26T02:56:07.312Z"}]}',NULL,NULL,0,'2026-11-26T02:56:07.316Z');
INSERT INTO "operation" VALUES(9,'a245f412-0e74-4fcf-908b-df6f27b8e14a',1,1,'code','School on R2',3,'{"coding": [{"id": 3, "deleted_at": null}]}','{"coding": [{"id": 3, "deleted_at": "2026-11-26T02:56:07.330Z"}]}',NULL,NULL,0,'2026-11-26T02:56:07.330Z');
INSERT INTO "operation" VALUES(10,'5dfb9038-9d54-47b7-9f8a-affcf06be891',1,1,'code','School on R4',6,'{"coding": [{"id": 4, "deleted_at": null}]}','{"coding": [{"id": 4, "deleted_at": "2026-11-26T02:56:07.359Z"}]}',NULL,NULL,0,'2026-11-26T02:56:07.359Z');
CREATE TABLE operation_target (
	operation_id INTEGER NOT NULL, 
	kind VARCHAR(20) NOT NULL, 
	target_id INTEGER NOT NULL, 
	CONSTRAINT pk_operation_target PRIMARY KEY (operation_id, kind, target_id), 
	CONSTRAINT fk_operation_target_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);
INSERT INTO "operation_target" VALUES(2,'import_batch',1);
INSERT INTO "operation_target" VALUES(3,'code',1);
INSERT INTO "operation_target" VALUES(3,'code',2);
INSERT INTO "operation_target" VALUES(3,'code',3);
INSERT INTO "operation_target" VALUES(3,'code',4);
INSERT INTO "operation_target" VALUES(3,'code',5);
INSERT INTO "operation_target" VALUES(4,'coding',1);
INSERT INTO "operation_target" VALUES(5,'coding',2);
INSERT INTO "operation_target" VALUES(6,'coding',1);
INSERT INTO "operation_target" VALUES(6,'memo',1);
INSERT INTO "operation_target" VALUES(7,'document',1);
INSERT INTO "operation_target" VALUES(7,'import_batch',2);
INSERT INTO "operation_target" VALUES(8,'document_state',3);
INSERT INTO "operation_target" VALUES(9,'coding',3);
INSERT INTO "operation_target" VALUES(10,'coding',4);
CREATE TABLE question (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	study_id INTEGER NOT NULL, 
	ref VARCHAR(100) NOT NULL, 
	text TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	asked_if JSON, 
	CONSTRAINT fk_question_study_id_study FOREIGN KEY(study_id) REFERENCES study (id), 
	CONSTRAINT uq_question_study_id_ref UNIQUE (study_id, ref)
);
INSERT INTO "question" VALUES(1,1,'q1','What happened?',0,NULL);
INSERT INTO "question" VALUES(2,1,'q2','What would help?',1,NULL);
CREATE TABLE recording (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	study_id INTEGER NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	uri TEXT NOT NULL, 
	file_name TEXT NOT NULL, 
	duration_ms INTEGER, 
	state VARCHAR(20) NOT NULL, 
	engine VARCHAR(50), 
	model VARCHAR(200), 
	options JSON, 
	created_at VARCHAR(24) NOT NULL, 
	CONSTRAINT ck_recording_state CHECK (state IN ('waiting', 'running', 'done', 'failed', 'cancelled')), 
	CONSTRAINT fk_recording_study_id_study FOREIGN KEY(study_id) REFERENCES study (id), 
	CONSTRAINT uq_recording_study_id_sha256 UNIQUE (study_id, sha256)
);
CREATE TABLE redaction (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	revision_id INTEGER NOT NULL, 
	start INTEGER NOT NULL, 
	"end" INTEGER NOT NULL, 
	replacement TEXT NOT NULL, 
	kind VARCHAR(20) NOT NULL, 
	created_by INTEGER NOT NULL, 
	created_at VARCHAR(24) NOT NULL, 
	deleted_at VARCHAR(24), 
	CONSTRAINT fk_redaction_created_by_coder FOREIGN KEY(created_by) REFERENCES coder (id), 
	CONSTRAINT fk_redaction_revision_id_revision FOREIGN KEY(revision_id) REFERENCES revision (id)
);
CREATE TABLE "respondent" (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	study_id INTEGER NOT NULL, 
	ref VARCHAR(200) NOT NULL, 
	kind VARCHAR(20) DEFAULT 'participant' NOT NULL, 
	submitted_at VARCHAR(32), 
	import_batch_id INTEGER, 
	created_at VARCHAR(24) NOT NULL, 
	withdrawn_at VARCHAR(24), 
	source_digest VARCHAR(64), 
	may_be_quoted BOOLEAN, 
	CONSTRAINT fk_respondent_study_id_study FOREIGN KEY(study_id) REFERENCES study (id), 
	CONSTRAINT uq_respondent_study_id_ref UNIQUE (study_id, ref), 
	CONSTRAINT fk_respondent_import_batch_id_import_batch FOREIGN KEY(import_batch_id) REFERENCES import_batch (id), 
	CONSTRAINT ck_respondent_kind CHECK (kind IN ('participant', 'facilitator')), 
	CONSTRAINT uq_respondent_study_id_source_digest UNIQUE (study_id, source_digest)
);
INSERT INTO "respondent" VALUES(1,1,'R1','participant',NULL,1,'2026-11-26T02:56:06.929Z',NULL,NULL,NULL);
INSERT INTO "respondent" VALUES(2,1,'R2','participant',NULL,1,'2026-11-26T02:56:06.929Z',NULL,NULL,NULL);
INSERT INTO "respondent" VALUES(3,1,'R3','participant',NULL,1,'2026-11-26T02:56:06.929Z',NULL,NULL,NULL);
INSERT INTO "respondent" VALUES(4,1,'R4','participant',NULL,1,'2026-11-26T02:56:06.929Z',NULL,NULL,NULL);
CREATE TABLE respondent_attribute (
	respondent_id INTEGER NOT NULL, 
	attribute_id INTEGER NOT NULL, 
	value VARCHAR(500) NOT NULL, 
	CONSTRAINT pk_respondent_attribute PRIMARY KEY (respondent_id, attribute_id, value), 
	CONSTRAINT fk_respondent_attribute_attribute_id_attribute FOREIGN KEY(attribute_id) REFERENCES attribute (id), 
	CONSTRAINT fk_respondent_attribute_respondent_id_respondent FOREIGN KEY(respondent_id) REFERENCES respondent (id)
);
INSERT INTO "respondent_attribute" VALUES(1,1,'Roma');
INSERT INTO "respondent_attribute" VALUES(1,2,'young');
INSERT INTO "respondent_attribute" VALUES(1,3,'money');
INSERT INTO "respondent_attribute" VALUES(1,3,'sleep');
INSERT INTO "respondent_attribute" VALUES(1,4,'r1@secret.example');
INSERT INTO "respondent_attribute" VALUES(2,1,'Roma');
INSERT INTO "respondent_attribute" VALUES(2,2,'old');
INSERT INTO "respondent_attribute" VALUES(2,3,'money');
INSERT INTO "respondent_attribute" VALUES(2,4,'r2@secret.example');
INSERT INTO "respondent_attribute" VALUES(3,1,'Irish');
INSERT INTO "respondent_attribute" VALUES(3,2,'old');
INSERT INTO "respondent_attribute" VALUES(3,3,'sleep');
INSERT INTO "respondent_attribute" VALUES(3,4,'r3@secret.example');
INSERT INTO "respondent_attribute" VALUES(4,2,'young');
INSERT INTO "respondent_attribute" VALUES(4,4,'r4@secret.example');
CREATE TABLE respondent_survey (
	survey_id INTEGER NOT NULL, 
	respondent_id INTEGER NOT NULL, 
	submitted_at VARCHAR(32), 
	import_batch_id INTEGER, 
	CONSTRAINT pk_respondent_survey PRIMARY KEY (survey_id, respondent_id), 
	CONSTRAINT fk_respondent_survey_survey_id_survey FOREIGN KEY(survey_id) REFERENCES survey (id), 
	CONSTRAINT fk_respondent_survey_respondent_id_respondent FOREIGN KEY(respondent_id) REFERENCES respondent (id), 
	CONSTRAINT fk_respondent_survey_import_batch_id_import_batch FOREIGN KEY(import_batch_id) REFERENCES import_batch (id)
);
INSERT INTO "respondent_survey" VALUES(1,1,NULL,1);
INSERT INTO "respondent_survey" VALUES(1,2,NULL,1);
INSERT INTO "respondent_survey" VALUES(1,3,NULL,1);
INSERT INTO "respondent_survey" VALUES(1,4,NULL,1);
CREATE TABLE revision (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	document_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	search_text TEXT NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	why TEXT NOT NULL, 
	import_batch_id INTEGER, 
	created_by INTEGER NOT NULL, 
	created_at VARCHAR(24) NOT NULL, 
	CONSTRAINT fk_revision_created_by_coder FOREIGN KEY(created_by) REFERENCES coder (id), 
	CONSTRAINT fk_revision_document_id_document FOREIGN KEY(document_id) REFERENCES document (id), 
	CONSTRAINT fk_revision_import_batch_id_import_batch FOREIGN KEY(import_batch_id) REFERENCES import_batch (id), 
	CONSTRAINT uq_revision_document_id_number UNIQUE (document_id, number)
);
INSERT INTO "revision" VALUES(1,1,1,'She listened to me. Then she left.','she listened to me. then she left.','5c390f6a67aabe4032893381ce71696e672536385a0d0ba3091b794cff945604','import',1,1,'2026-11-26T02:56:06.938Z');
INSERT INTO "revision" VALUES(2,2,1,'More time','more time','3d814e024f5d4b439a36d2863ff734074c19c65451f6a9d0bdab26db04d1edee','import',1,1,'2026-11-26T02:56:06.938Z');
INSERT INTO "revision" VALUES(3,3,1,'Nobody rang back 😀 at all','nobody rang back 😀 at all','d87085f470570cc0e8d3c1a2fa97fc15cb378bfc9ddf564777658a47506255a0','import',1,1,'2026-11-26T02:56:06.938Z');
INSERT INTO "revision" VALUES(4,4,1,'میں نے تین بار فون کیا','میں نے تین بار فون کیا','41a09d5dd01d87770a453045bd3cdd02c3b3c6bb5f3f82aa65342ccff7ca14f2','import',1,1,'2026-11-26T02:56:06.938Z');
INSERT INTO "revision" VALUES(5,5,1,'Respect','respect','23e2e7fc9b2d786b846ef1c7d2dc381fe3bb2a01c7c838736a4a802b91da683e','import',1,1,'2026-11-26T02:56:06.938Z');
INSERT INTO "revision" VALUES(6,6,1,'The school was kind','the school was kind','8ddd86fe637630e2c94eaf06c9b31d82d01919f14a8a43e60ec5b902e5e51603','import',1,1,'2026-11-26T02:56:06.938Z');
INSERT INTO "revision" VALUES(7,7,1,'A map','a map','96043be895e5951b219cb888e0168751b7ea6f5d8aae5d77e658df7acb1e945b','import',1,1,'2026-11-26T02:56:06.938Z');
INSERT INTO "revision" VALUES(8,1,2,'She often listened to me. Then she left.','she often listened to me. then she left.','8f3cdfe84ca8ee7baa87244269b0db9131b3d4665bd0c80923454d2d1aabd0df','import',2,1,'2026-11-26T02:56:07.280Z');
CREATE TABLE saved_filter (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	study_id INTEGER NOT NULL, 
	page VARCHAR(20) NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	settings JSON NOT NULL, 
	created_by INTEGER NOT NULL, 
	created_at VARCHAR(24) NOT NULL, 
	changed_at VARCHAR(24) NOT NULL, 
	CONSTRAINT fk_saved_filter_study_id_study FOREIGN KEY(study_id) REFERENCES study (id), 
	CONSTRAINT fk_saved_filter_created_by_coder FOREIGN KEY(created_by) REFERENCES coder (id), 
	CONSTRAINT uq_saved_filter_study_id_page_name UNIQUE (study_id, page, name)
);
CREATE TABLE segment (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	revision_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	start INTEGER NOT NULL, 
	"end" INTEGER NOT NULL, 
	start_ms INTEGER, 
	end_ms INTEGER, 
	speaker VARCHAR(200), 
	respondent_id INTEGER, 
	confidence FLOAT, 
	CONSTRAINT ck_segment_span CHECK ("start" >= 0 AND "end" >= "start"), 
	CONSTRAINT fk_segment_respondent_id_respondent FOREIGN KEY(respondent_id) REFERENCES respondent (id), 
	CONSTRAINT fk_segment_revision_id_revision FOREIGN KEY(revision_id) REFERENCES revision (id), 
	CONSTRAINT uq_segment_revision_id_position UNIQUE (revision_id, position)
);
CREATE TABLE star (
	coding_id INTEGER NOT NULL, 
	coder_id INTEGER NOT NULL, 
	created_at VARCHAR(24) NOT NULL, 
	CONSTRAINT pk_star PRIMARY KEY (coding_id, coder_id), 
	CONSTRAINT fk_star_coding_id_coding FOREIGN KEY(coding_id) REFERENCES coding (id), 
	CONSTRAINT fk_star_coder_id_coder FOREIGN KEY(coder_id) REFERENCES coder (id)
);
CREATE TABLE study (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	guid VARCHAR(36) NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	name_key VARCHAR(200) NOT NULL, 
	description TEXT DEFAULT '' NOT NULL, 
	settings JSON NOT NULL, 
	digest_key VARCHAR(64) NOT NULL, 
	created_at VARCHAR(24) NOT NULL, 
	CONSTRAINT uq_study_guid UNIQUE (guid), 
	CONSTRAINT uq_study_name_key UNIQUE (name_key)
);
INSERT INTO "study" VALUES(1,'231d8573-c2ad-48ce-9dfa-8ff4cdcc6ab4','Test','test','A small study','{"codebook": {"name": "Small", "language": "en", "description": "", "sources": {}}}','9d66a159cf935d980761ba33f3c29c0dc100188733446eb4d5ac880d4e8f4921','2026-11-26T02:56:06.832Z');
CREATE TABLE suggestion (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	document_id INTEGER NOT NULL, 
	revision_id INTEGER NOT NULL, 
	code_id INTEGER NOT NULL, 
	start INTEGER, 
	"end" INTEGER, 
	score FLOAT, 
	source VARCHAR(50) NOT NULL, 
	state VARCHAR(10) NOT NULL, 
	decided_by INTEGER, 
	decided_at VARCHAR(24), 
	coding_id INTEGER, 
	created_at VARCHAR(24) NOT NULL, 
	CONSTRAINT ck_suggestion_state CHECK (state IN ('offered', 'accepted', 'dismissed')), 
	CONSTRAINT fk_suggestion_code_id_code FOREIGN KEY(code_id) REFERENCES code (id), 
	CONSTRAINT fk_suggestion_coding_id_coding FOREIGN KEY(coding_id) REFERENCES coding (id), 
	CONSTRAINT fk_suggestion_decided_by_coder FOREIGN KEY(decided_by) REFERENCES coder (id), 
	CONSTRAINT fk_suggestion_document_id_document FOREIGN KEY(document_id) REFERENCES document (id), 
	CONSTRAINT fk_suggestion_revision_id_revision FOREIGN KEY(revision_id) REFERENCES revision (id)
);
CREATE TABLE survey (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	study_id INTEGER NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	position INTEGER NOT NULL, 
	created_at VARCHAR(24) NOT NULL, 
	CONSTRAINT fk_survey_study_id_study FOREIGN KEY(study_id) REFERENCES study (id), 
	CONSTRAINT uq_survey_study_id_name UNIQUE (study_id, name)
);
INSERT INTO "survey" VALUES(1,1,'Survey',0,'2026-11-26T02:56:06.871Z');
CREATE TABLE survey_question (
	survey_id INTEGER NOT NULL, 
	question_id INTEGER NOT NULL, 
	CONSTRAINT pk_survey_question PRIMARY KEY (survey_id, question_id), 
	CONSTRAINT fk_survey_question_survey_id_survey FOREIGN KEY(survey_id) REFERENCES survey (id), 
	CONSTRAINT fk_survey_question_question_id_question FOREIGN KEY(question_id) REFERENCES question (id)
);
INSERT INTO "survey_question" VALUES(1,1);
INSERT INTO "survey_question" VALUES(1,2);
CREATE INDEX ix_code_study_id ON code (study_id);
CREATE INDEX ix_memo_target ON memo (target_kind, target_id, author_id);
CREATE INDEX ix_recording_study_id ON recording (study_id);
CREATE INDEX ix_code_ancestor_ancestor ON code_ancestor (ancestor_id, code_id);
CREATE INDEX ix_absent_answer_question ON absent_answer (question_id, state);
CREATE INDEX ix_document_current_revision_id ON document (current_revision_id);
CREATE INDEX ix_document_order ON document (study_id, question_id, respondent_id);
CREATE INDEX ix_document_respondent_id ON document (respondent_id);
CREATE INDEX ix_respondent_attribute_group ON respondent_attribute (attribute_id, value, respondent_id);
CREATE INDEX ix_coding_code ON coding (code_id, document_id);
CREATE INDEX ix_coding_document ON coding (document_id, coder_id, code_id);
CREATE INDEX ix_document_state_coder ON document_state (coder_id, state, document_id);
CREATE INDEX ix_operation_actor ON operation (study_id, actor_id, id);
CREATE INDEX ix_operation_undoable ON operation (study_id, actor_id, id) WHERE inverse IS NOT NULL AND undoes IS NULL AND undone_by IS NULL;
CREATE INDEX ix_anchor_revision ON anchor (revision_id, start);
CREATE INDEX ix_operation_target_target ON operation_target (kind, target_id, operation_id);
CREATE INDEX ix_redaction_revision ON redaction (revision_id, start);
CREATE INDEX ix_segment_respondent_id ON segment (respondent_id);
CREATE INDEX ix_suggestion_document ON suggestion (document_id, state);
CREATE INDEX ix_import_batch_study_id ON import_batch (study_id);
CREATE INDEX ix_document_length ON document (question_id, n_words, respondent_id);
CREATE INDEX ix_anchor_flagged ON anchor (revision_id, coding_id) WHERE state = 'flagged';
CREATE INDEX ix_coding_respondent_document ON coding_respondent (document_id, code_id, coder_id);
CREATE INDEX ix_coding_respondent_count ON coding_respondent (respondent_id, code_id, coder_id, document_id, opens_any, opens_own);
CREATE INDEX ix_respondent_survey_respondent ON respondent_survey (respondent_id);
CREATE INDEX ix_saved_filter_study_id ON saved_filter (study_id);
CREATE INDEX ix_revision_import ON revision (import_batch_id, number, document_id);
CREATE INDEX ix_document_translation_of ON document (translation_of) WHERE translation_of IS NOT NULL;
CREATE INDEX ix_operation_document ON operation (document_id) WHERE document_id IS NOT NULL;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('import_batch',2);
INSERT INTO "sqlite_sequence" VALUES('respondent',4);
INSERT INTO "sqlite_sequence" VALUES('survey',1);
INSERT INTO "sqlite_sequence" VALUES('coder',2);
INSERT INTO "sqlite_sequence" VALUES('study',1);
INSERT INTO "sqlite_sequence" VALUES('operation',10);
INSERT INTO "sqlite_sequence" VALUES('event',10);
INSERT INTO "sqlite_sequence" VALUES('attribute',4);
INSERT INTO "sqlite_sequence" VALUES('question',2);
INSERT INTO "sqlite_sequence" VALUES('document',7);
INSERT INTO "sqlite_sequence" VALUES('revision',8);
INSERT INTO "sqlite_sequence" VALUES('code',5);
INSERT INTO "sqlite_sequence" VALUES('codebook_version',1);
INSERT INTO "sqlite_sequence" VALUES('coding',4);
INSERT INTO "sqlite_sequence" VALUES('anchor',6);
INSERT INTO "sqlite_sequence" VALUES('memo',1);
COMMIT;
