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
CREATE TABLE adjudication (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	document_id INTEGER NOT NULL, 
	code_id INTEGER NOT NULL, 
	revision_id INTEGER NOT NULL, 
	start INTEGER, 
	"end" INTEGER, 
	choice VARCHAR(10) NOT NULL, 
	taken_from JSON NOT NULL, 
	codings JSON NOT NULL, 
	note TEXT DEFAULT '' NOT NULL, 
	decided_by INTEGER NOT NULL, 
	decided_at VARCHAR(24) NOT NULL, 
	deleted_at VARCHAR(24), 
	CONSTRAINT ck_adjudication_span CHECK ("start" IS NULL OR ("start" >= 0 AND "end" > "start")), 
	CONSTRAINT ck_adjudication_choice CHECK (choice IN ('agreed', 'taken', 'neither', 'edited')), 
	CONSTRAINT fk_adjudication_document_id_document FOREIGN KEY(document_id) REFERENCES document (id), 
	CONSTRAINT fk_adjudication_code_id_code FOREIGN KEY(code_id) REFERENCES code (id), 
	CONSTRAINT fk_adjudication_revision_id_revision FOREIGN KEY(revision_id) REFERENCES revision (id), 
	CONSTRAINT fk_adjudication_decided_by_coder FOREIGN KEY(decided_by) REFERENCES coder (id)
);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0006');
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
CREATE TABLE "code" (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	study_id INTEGER NOT NULL, 
	guid VARCHAR(36) NOT NULL, 
	parent_id INTEGER, 
	name VARCHAR(200) NOT NULL, 
	colour VARCHAR(7) DEFAULT ('') NOT NULL, 
	definition TEXT DEFAULT ('') NOT NULL, 
	include TEXT DEFAULT ('') NOT NULL, 
	exclude TEXT DEFAULT ('') NOT NULL, 
	examples JSON NOT NULL, 
	cues JSON NOT NULL, 
	rests_on JSON NOT NULL, 
	position INTEGER NOT NULL, 
	status VARCHAR(10) NOT NULL, 
	merged_into INTEGER, 
	created_at VARCHAR(24) NOT NULL, 
	deleted_at VARCHAR(24), 
	defined_in INTEGER, 
	split_from INTEGER, 
	made_in INTEGER, 
	made_by INTEGER, 
	CONSTRAINT fk_code_parent_id_code FOREIGN KEY(parent_id) REFERENCES code (id), 
	CONSTRAINT fk_code_study_id_study FOREIGN KEY(study_id) REFERENCES study (id), 
	CONSTRAINT ck_code_status CHECK (status IN ('active', 'retired', 'merged')), 
	CONSTRAINT fk_code_merged_into_code FOREIGN KEY(merged_into) REFERENCES code (id), 
	CONSTRAINT uq_code_guid UNIQUE (guid), 
	CONSTRAINT fk_code_defined_in_codebook_version FOREIGN KEY(defined_in) REFERENCES codebook_version (id), 
	CONSTRAINT fk_code_split_from_code FOREIGN KEY(split_from) REFERENCES code (id), 
	CONSTRAINT fk_code_made_in_document FOREIGN KEY(made_in) REFERENCES document (id), 
	CONSTRAINT fk_code_made_by_coder FOREIGN KEY(made_by) REFERENCES coder (id)
);
INSERT INTO "code" VALUES(1,1,'de5e0e54-67f5-482c-8181-5a80703ff90e',NULL,'Access','#882255','','','','[]','[]','[]',0,'active',NULL,'2026-11-27T01:08:16.935Z',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "code" VALUES(2,1,'ead41d45-195d-4243-9a4c-a3817f747ee9',1,'Waiting','','','','','[]','[]','[]',0,'active',NULL,'2026-11-27T01:08:16.938Z',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "code" VALUES(3,1,'c3149c60-1eea-4d5d-9166-bad9df58a7fe',1,'Phone','','','','','[]','[]','[]',1,'active',NULL,'2026-11-27T01:08:16.938Z',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "code" VALUES(4,1,'882b44dc-4c2f-43d6-8bc3-ab5c6c3734f2',NULL,'School','#332288','','','','[]','[]','[]',1,'active',NULL,'2026-11-27T01:08:16.939Z',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "code" VALUES(5,1,'73ff8d07-58e1-44b2-972e-67b326da5a90',NULL,'Schooling','#44AA99','','','','[]','[]','[]',2,'active',NULL,'2026-11-27T01:08:16.960Z',NULL,NULL,NULL,NULL,NULL);
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
INSERT INTO "codebook_version" VALUES(1,1,1,NULL,'','[{"id": 1, "guid": "de5e0e54-67f5-482c-8181-5a80703ff90e", "path": ["Access"], "parent_id": null, "name": "Access", "colour": "#882255", "definition": "", "include": "", "exclude": "", "examples": [], "cues": [], "rests_on": [], "position": 0, "status": "active", "merged_into": null, "defined_in": null, "split_from": null, "deleted_at": null}, {"id": 2, "guid": "ead41d45-195d-4243-9a4c-a3817f747ee9", "path": ["Access", "Waiting"], "parent_id": 1, "name": "Waiting", "colour": "", "definition": "", "include": "", "exclude": "", "examples": [], "cues": [], "rests_on": [], "position": 0, "status": "active", "merged_into": null, "defined_in": null, "split_from": null, "deleted_at": null}, {"id": 3, "guid": "c3149c60-1eea-4d5d-9166-bad9df58a7fe", "path": ["Access", "Phone"], "parent_id": 1, "name": "Phone", "colour": "", "definition": "", "include": "", "exclude": "", "examples": [], "cues": [], "rests_on": [], "position": 1, "status": "active", "merged_into": null, "defined_in": null, "split_from": null, "deleted_at": null}, {"id": 4, "guid": "882b44dc-4c2f-43d6-8bc3-ab5c6c3734f2", "path": ["School"], "parent_id": null, "name": "School", "colour": "#332288", "definition": "", "include": "", "exclude": "", "examples": [], "cues": [], "rests_on": [], "position": 1, "status": "active", "merged_into": null, "defined_in": null, "split_from": null, "deleted_at": null}, {"id": 5, "guid": "73ff8d07-58e1-44b2-972e-67b326da5a90", "path": ["Schooling"], "parent_id": null, "name": "Schooling", "colour": "#44AA99", "definition": "", "include": "", "exclude": "", "examples": [], "cues": [], "rests_on": [], "position": 2, "status": "active", "merged_into": null, "defined_in": null, "split_from": null, "deleted_at": null}]',1,'2026-11-27T01:08:16.986Z');
CREATE TABLE coder (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	guid VARCHAR(36) NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	name_key VARCHAR(200) NOT NULL, 
	created_at VARCHAR(24) NOT NULL, preferences JSON DEFAULT '{}' NOT NULL, 
	CONSTRAINT uq_coder_guid UNIQUE (guid), 
	CONSTRAINT uq_coder_name_key UNIQUE (name_key)
);
INSERT INTO "coder" VALUES(0,'5b3d0d3e-7b5c-4c67-9a2e-3f0c6f1f0c05','Consensus','5b3d0d3e-7b5c-4c67-9a2e-3f0c6f1f0c05','2026-11-26T00:00:00.000Z','{}');
INSERT INTO "coder" VALUES(1,'700ddf19-a20a-4b79-b7a8-8242896f121b','Asha','asha','2026-11-27T01:08:16.804Z','{}');
INSERT INTO "coder" VALUES(2,'ee05061e-92ff-454c-ade6-73861823f624','Ben','ben','2026-11-27T01:08:17.219Z','{}');
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
INSERT INTO "coding" VALUES(1,'c38aec05-7c6b-4a70-b661-c3252458269d',1,'span',2,1,1,'person','2026-11-27T01:08:17.167Z',NULL);
INSERT INTO "coding" VALUES(2,'6570fa68-03a6-456e-b77e-2c25387e9efe',1,'span',3,2,1,'person','2026-11-27T01:08:17.293Z',NULL);
INSERT INTO "coding" VALUES(3,'993b2752-d56b-4977-908a-cbd483839adf',3,'document',4,1,1,'person','2026-11-27T01:08:17.517Z',NULL);
INSERT INTO "coding" VALUES(4,'b3c8cd64-8544-41f6-a2c6-d86edb554dfe',6,'span',4,1,1,'person','2026-11-27T01:08:17.591Z',NULL);
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
CREATE TABLE "document" (
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
	created_at VARCHAR(24) NOT NULL, 
	n_words INTEGER DEFAULT '0' NOT NULL, 
	sort_question INTEGER DEFAULT '2000000000' NOT NULL, 
	sort_respondent INTEGER DEFAULT '2000000000' NOT NULL, 
	transcript VARCHAR(10), 
	checked_at VARCHAR(24), 
	checked_by INTEGER, series VARCHAR(200), held_on VARCHAR(10), 
	CONSTRAINT fk_document_study_id_study FOREIGN KEY(study_id) REFERENCES study (id), 
	CONSTRAINT uq_document_guid UNIQUE (guid), 
	CONSTRAINT fk_document_adjudicated_by_coder FOREIGN KEY(adjudicated_by) REFERENCES coder (id), 
	CONSTRAINT fk_document_recording_id_recording FOREIGN KEY(recording_id) REFERENCES recording (id), 
	CONSTRAINT fk_document_translation_of_document FOREIGN KEY(translation_of) REFERENCES document (id), 
	CONSTRAINT fk_document_question_id_question FOREIGN KEY(question_id) REFERENCES question (id), 
	CONSTRAINT fk_document_respondent_id_respondent FOREIGN KEY(respondent_id) REFERENCES respondent (id), 
	CONSTRAINT ck_document_kind CHECK (kind IN ('answer', 'voice_note', 'focus_group', 'note')), 
	CONSTRAINT answer UNIQUE (study_id, respondent_id, question_id, answer_kind), 
	CONSTRAINT uq_document_study_id_ref UNIQUE (study_id, ref), 
	CONSTRAINT fk_document_checked_by_coder FOREIGN KEY(checked_by) REFERENCES coder (id), 
	CONSTRAINT ck_document_transcript CHECK (transcript IN ('draft', 'checked'))
);
INSERT INTO "document" VALUES(1,1,'01a21a8b-c372-7000-a03d-5bae4d7d5471','answer',NULL,1,1,'typed',NULL,NULL,NULL,8,1,NULL,NULL,'2026-11-27T01:08:16.882Z',8,1,1,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "document" VALUES(2,1,'01a21a8b-c372-7001-8a18-e81fb8ee5e31','answer',NULL,1,2,'typed',NULL,NULL,NULL,2,1,NULL,NULL,'2026-11-27T01:08:16.882Z',2,2,1,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "document" VALUES(3,1,'01a21a8b-c372-7002-be3f-22869a95f19a','answer',NULL,2,1,'typed',NULL,NULL,NULL,3,1,NULL,NULL,'2026-11-27T01:08:16.882Z',6,1,2,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "document" VALUES(4,1,'01a21a8b-c372-7003-925e-949834795dba','answer',NULL,3,1,'typed',NULL,NULL,NULL,4,1,NULL,NULL,'2026-11-27T01:08:16.882Z',6,1,3,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "document" VALUES(5,1,'01a21a8b-c372-7004-82b6-73096c4c2341','answer',NULL,3,2,'typed',NULL,NULL,NULL,5,1,NULL,NULL,'2026-11-27T01:08:16.882Z',1,2,3,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "document" VALUES(6,1,'01a21a8b-c372-7005-9d85-f3064d9ed596','answer',NULL,4,1,'typed',NULL,NULL,NULL,6,1,NULL,NULL,'2026-11-27T01:08:16.882Z',4,1,4,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "document" VALUES(7,1,'01a21a8b-c372-7006-814a-6b59b618a02d','answer',NULL,4,2,'typed',NULL,NULL,NULL,7,1,NULL,NULL,'2026-11-27T01:08:16.882Z',2,2,4,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "document" VALUES(8,1,'00f0d156-1485-444e-85f1-aa7834107bd2','focus_group','FG1',NULL,NULL,NULL,NULL,NULL,NULL,9,1,NULL,NULL,'2026-11-27T01:08:17.653Z',15,2000000000,2000000000,NULL,NULL,NULL,NULL,NULL);
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
INSERT INTO "document_state" VALUES(3,1,'done','2026-11-27T01:08:17.467Z','2026-11-27T01:08:17.467Z');
INSERT INTO "document_state" VALUES(6,1,'in_progress',NULL,NULL);
CREATE TABLE done_coding (
	document_id INTEGER NOT NULL, 
	coder_id INTEGER NOT NULL, 
	coding_id INTEGER NOT NULL, 
	code_id INTEGER NOT NULL, 
	revision_id INTEGER NOT NULL, 
	start INTEGER, 
	"end" INTEGER, 
	CONSTRAINT pk_done_coding PRIMARY KEY (document_id, coder_id, coding_id), 
	CONSTRAINT fk_done_coding_document_id_document FOREIGN KEY(document_id) REFERENCES document (id), 
	CONSTRAINT fk_done_coding_coder_id_coder FOREIGN KEY(coder_id) REFERENCES coder (id), 
	CONSTRAINT fk_done_coding_coding_id_coding FOREIGN KEY(coding_id) REFERENCES coding (id), 
	CONSTRAINT fk_done_coding_code_id_code FOREIGN KEY(code_id) REFERENCES code (id), 
	CONSTRAINT fk_done_coding_revision_id_revision FOREIGN KEY(revision_id) REFERENCES revision (id)
);
CREATE TABLE draft_acceptance (
	document_id INTEGER NOT NULL, 
	coder_id INTEGER NOT NULL, 
	accepted_at VARCHAR(24) NOT NULL, 
	CONSTRAINT pk_draft_acceptance PRIMARY KEY (document_id, coder_id), 
	CONSTRAINT fk_draft_acceptance_coder_id_coder FOREIGN KEY(coder_id) REFERENCES coder (id), 
	CONSTRAINT fk_draft_acceptance_document_id_document FOREIGN KEY(document_id) REFERENCES document (id)
);
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
INSERT INTO "event" VALUES(1,1,1,'476d9ee7-3b1a-4409-9b9f-8a4c273166a8',1,'create study','{"digest":"08d1785a1d551513af415599104ebde5f93cd3c26c7ff299b6e68f9a2afb3cbf","targets":[]}','2026-11-27T01:08:16.817Z','0000000000000000000000000000000000000000000000000000000000000000','bc5d28022804ccb8cc9b2847eb127494e5291c440eec9ac7e2a1a8a9aa42e8bc');
INSERT INTO "event" VALUES(2,1,2,'03d2bcad-cb10-418d-bd82-780930ff389d',1,'ingest survey','{"answers_changed":0,"answers_new":7,"batch":1,"digest":"08d1785a1d551513af415599104ebde5f93cd3c26c7ff299b6e68f9a2afb3cbf","respondents_new":4,"targets":[["import_batch",1]]}','2026-11-27T01:08:16.909Z','bc5d28022804ccb8cc9b2847eb127494e5291c440eec9ac7e2a1a8a9aa42e8bc','9c63684e0179915d048eb68b93e3031878db12be26d48fa5eefd5243f9f453c7');
INSERT INTO "event" VALUES(3,1,3,'b8e058af-ad55-421c-a21f-2121b4eb4728',1,'load codebook','{"digest":"71d121058f1eeb5119e6678d773b78ec436b5f8ed9adc0d93bf80733b8a58983","targets":[["code",1],["code",2],["code",3],["code",4],["code",5]]}','2026-11-27T01:08:17.002Z','9c63684e0179915d048eb68b93e3031878db12be26d48fa5eefd5243f9f453c7','e235917b334ad708dfb54976b8e46c70a56f4379add5e65c39af437fb15a96a3');
INSERT INTO "event" VALUES(4,1,4,'f067e926-7ee2-4f5e-ac57-ae83f444aceb',1,'code','{"digest":"6cd191542a194cc3615ef530d8a469200d61e04237504e3430944558bd258fa5","document":1,"targets":[["coding",1]]}','2026-11-27T01:08:17.218Z','e235917b334ad708dfb54976b8e46c70a56f4379add5e65c39af437fb15a96a3','cf52af0723381a97511e1bf589d9ab6e8b10f5224c122660fa8a5aed95b97c26');
INSERT INTO "event" VALUES(5,1,5,'59937f1f-8856-4f87-a1e5-5ed4d69f893d',2,'code','{"digest":"164f90c9d35ba70227a1755f19badebd516171b92d9bb79883a85c75c65c93dc","document":1,"targets":[["coding",2]]}','2026-11-27T01:08:17.295Z','cf52af0723381a97511e1bf589d9ab6e8b10f5224c122660fa8a5aed95b97c26','0d246302f039762c3b9ca6c49b8b60013edd28123e8e221579864a41626fe7e5');
INSERT INTO "event" VALUES(6,1,6,'177b8c02-86a7-4117-885a-0719f9a08f2b',1,'memo','{"digest":"83b334e21eaaa9b9f9021073519829377395ea84ba2cbf505903348c13e8c44b","document":1,"targets":[["coding",1],["memo",1]]}','2026-11-27T01:08:17.381Z','0d246302f039762c3b9ca6c49b8b60013edd28123e8e221579864a41626fe7e5','a33b98a3d8d6b31633427f1c7547bcbe2ee040adfc76c74dc74ad5c37a69fc90');
INSERT INTO "event" VALUES(7,1,7,'0605fd39-9a84-45d3-920e-069cc208aeb1',1,'ingest survey','{"answers_changed":1,"answers_new":0,"batch":2,"digest":"08d1785a1d551513af415599104ebde5f93cd3c26c7ff299b6e68f9a2afb3cbf","respondents_new":0,"targets":[["document",1],["import_batch",2]]}','2026-11-27T01:08:17.450Z','a33b98a3d8d6b31633427f1c7547bcbe2ee040adfc76c74dc74ad5c37a69fc90','4f9642b16eed4dc26ebc3fa3710a52de5eef2556c85846c4f37beb89ce634d38');
INSERT INTO "event" VALUES(8,1,8,'e4de00f0-4af2-4724-a86d-e9282e159114',1,'done','{"digest":"1b665b4d1f2cbd669d87486e2219576bb4176a7097a43bb5266fb881ba4c910e","document":3,"targets":[["document_state",3]]}','2026-11-27T01:08:17.492Z','4f9642b16eed4dc26ebc3fa3710a52de5eef2556c85846c4f37beb89ce634d38','164ab25e17ce76bc921e2f3f2c64713f5e84365b11385e62288887c181787c6e');
INSERT INTO "event" VALUES(9,1,9,'f1177448-b8d8-4586-898a-81c6f45acae4',1,'code','{"digest":"f52358cbe475390d419bdfaccce27eb521e5be91b8f538e64068671098141b90","document":3,"targets":[["coding",3]]}','2026-11-27T01:08:17.518Z','164ab25e17ce76bc921e2f3f2c64713f5e84365b11385e62288887c181787c6e','f7ab72c2096c52cc32f04464f3cc244b63451547a8ed47219a89c7af0b6f11a5');
INSERT INTO "event" VALUES(10,1,10,'b6e428b5-2dd1-4d1e-8806-656d64692457',1,'code','{"digest":"830b351947ea0d6e318c453961305288b0dbbaa3a10c94490f53cacfb4a17364","document":6,"targets":[["coding",4]]}','2026-11-27T01:08:17.604Z','f7ab72c2096c52cc32f04464f3cc244b63451547a8ed47219a89c7af0b6f11a5','1d5835a54878e78d58afdd2b7641c3a0460208303b096bd1fe7c7b3b1937ab39');
INSERT INTO "event" VALUES(11,1,11,'e10b8833-498d-4476-a494-e9b00f28fcc1',1,'ingest transcript','{"batch":3,"digest":"08d1785a1d551513af415599104ebde5f93cd3c26c7ff299b6e68f9a2afb3cbf","targets":[["discussion",8],["document",8],["import_batch",3]],"turns":4,"words":15}','2026-11-27T01:08:17.677Z','1d5835a54878e78d58afdd2b7641c3a0460208303b096bd1fe7c7b3b1937ab39','5643e690770a864b7a4fc1e926495428313cd040cd846f3bf10f7e1ae965c5c3');
CREATE TABLE event_head (
	study_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	hash VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_event_head PRIMARY KEY (study_id), 
	CONSTRAINT fk_event_head_study_id_study FOREIGN KEY(study_id) REFERENCES study (id)
);
INSERT INTO "event_head" VALUES(1,11,'5643e690770a864b7a4fc1e926495428313cd040cd846f3bf10f7e1ae965c5c3');
CREATE TABLE exchanged (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	study_id INTEGER NOT NULL, 
	kind VARCHAR(20) NOT NULL, 
	guid VARCHAR(36) NOT NULL, 
	target_id INTEGER, 
	content JSON, 
	CONSTRAINT fk_exchanged_study_id_study FOREIGN KEY(study_id) REFERENCES study (id), 
	CONSTRAINT uq_exchanged_study_id_guid UNIQUE (study_id, guid)
);
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
INSERT INTO "import_batch" VALUES(1,1,'survey','survey.csv','3aac008c02f457099c8de0bf4748bee9692d685cb9becfe49cf99c6f378f9c13','','{"study": "Test", "study_created": false, "survey": "Survey", "survey_created": true, "respondents_new": 4, "respondents_updated": 0, "respondents_unchanged": 0, "respondents_missing": 0, "answers_new": 7, "answers_changed": 0, "answers_unchanged": 0, "answers_blank": 1, "answers_not_asked": 0, "answers_awaiting_transcript": 0, "answers_kept": 0, "descriptions_changed": 6, "values_changed": 0, "values_set_by_hand": 0, "codings_reanchored": 0, "codings_flagged": 0, "rows_excluded": 0, "excluded": {}, "undecided": [], "bad_rows": [], "warnings": []}',1,'2026-11-27T01:08:16.863Z',NULL,1,'{"survey_made": 1, "attributes_made": [2, 4, 1, 3], "questions_made": [1, 2], "attributes": [], "questions": [], "questions_linked": [1, 2], "values": [], "absences": [], "absences_made": {}, "quotable": [], "discussions": []}');
INSERT INTO "import_batch" VALUES(2,1,'survey','survey.csv','2d428c50ac8f1283d295f2f568248c99518f8cac628882a8c20c78ea6bd2032f','','{"study": "Test", "study_created": false, "survey": "Survey", "survey_created": false, "respondents_new": 0, "respondents_updated": 1, "respondents_unchanged": 3, "respondents_missing": 0, "answers_new": 0, "answers_changed": 1, "answers_unchanged": 6, "answers_blank": 1, "answers_not_asked": 0, "answers_awaiting_transcript": 0, "answers_kept": 0, "descriptions_changed": 0, "values_changed": 0, "values_set_by_hand": 0, "codings_reanchored": 2, "codings_flagged": 0, "rows_excluded": 0, "excluded": {}, "undecided": [], "bad_rows": [], "warnings": []}',1,'2026-11-27T01:08:17.395Z',NULL,1,'{"survey_made": null, "attributes_made": [], "questions_made": [], "attributes": [], "questions": [], "questions_linked": [], "values": [], "absences": [], "absences_made": {}, "quotable": [], "discussions": []}');
INSERT INTO "import_batch" VALUES(3,1,'transcript','fg1.vtt','','','{"name": "FG1", "document_id": 8, "outcome": "new", "turns": 4, "words": 15, "speakers": 3, "words_of_nobody": 0, "respondents_new": 0, "values_changed": 0, "values_set_by_hand": 0, "codings_kept": 0, "codings_flagged": 0, "bad_rows": [], "warnings": []}',1,'2026-11-27T01:08:17.623Z',NULL,NULL,'{"survey_made": null, "attributes_made": [], "questions_made": [], "attributes": [], "questions": [], "questions_linked": [], "values": [], "absences": [], "absences_made": {}, "quotable": [], "discussions": []}');
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
INSERT INTO "membership" VALUES(1,1,'owner','2026-11-27T01:08:16.807Z');
INSERT INTO "membership" VALUES(1,2,'coder','2026-11-27T01:08:17.287Z');
CREATE TABLE "memo" (
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
	purpose VARCHAR(15), 
	CONSTRAINT uq_memo_guid UNIQUE (guid), 
	CONSTRAINT fk_memo_author_id_coder FOREIGN KEY(author_id) REFERENCES coder (id), 
	CONSTRAINT ck_memo_target_kind CHECK (target_kind IN ('study', 'code', 'document', 'coding', 'respondent', 'codebook_version')), 
	CONSTRAINT fk_memo_reply_to_memo FOREIGN KEY(reply_to) REFERENCES memo (id), 
	CONSTRAINT fk_memo_study_id_study FOREIGN KEY(study_id) REFERENCES study (id), 
	CONSTRAINT ck_memo_purpose CHECK (purpose IN ('positionality', 'reflexivity'))
);
INSERT INTO "memo" VALUES(1,'eb138bd1-8283-4dc1-b276-60fc9e8aa708',1,'coding',1,NULL,'a memo',1,'2026-11-27T01:08:17.371Z','2026-11-27T01:08:17.371Z',NULL,NULL);
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
INSERT INTO "operation" VALUES(1,'476d9ee7-3b1a-4409-9b9f-8a4c273166a8',1,1,'create study','the study Test',NULL,'{}',NULL,NULL,NULL,0,'2026-11-27T01:08:16.807Z');
INSERT INTO "operation" VALUES(2,'03d2bcad-cb10-418d-bd82-780930ff389d',1,1,'ingest survey','importing survey.csv',NULL,'{}',NULL,NULL,NULL,0,'2026-11-27T01:08:16.908Z');
INSERT INTO "operation" VALUES(3,'b8e058af-ad55-421c-a21f-2121b4eb4728',1,1,'load codebook','codebook Small',NULL,'{"code": [{"id": 1, "parent_id": null, "name": "Access", "colour": "#882255", "definition": "", "include": "", "exclude": "", "examples": [], "cues": [], "rests_on": [], "position": 0, "status": "active", "merged_into": null, "defined_in": null, "split_from": null, "deleted_at": null}, {"id": 2, "parent_id": 1, "name": "Waiting", "colour": "", "definition": "", "include": "", "exclude": "", "examples": [], "cues": [], "rests_on": [], "position": 0, "status": "active", "merged_into": null, "defined_in": null, "split_from": null, "deleted_at": null}, {"id": 3, "parent_id": 1, "name": "Phone", "colour": "", "definition": "", "include": "", "exclude": "", "examples": [], "cues": [], "rests_on": [], "position": 1, "status": "active", "merged_into": null, "defined_in": null, "split_from": null, "deleted_at": null}, {"id": 4, "parent_id": null, "name": "School", "colour": "#332288", "definition": "", "include": "", "exclude": "", "examples": [], "cues": [], "rests_on": [], "position": 1, "status": "active", "merged_into": null, "defined_in": null, "split_from": null, "deleted_at": null}, {"id": 5, "parent_id": null, "name": "Schooling", "colour": "#44AA99", "definition": "", "include": "", "exclude": "", "examples": [], "cues": [], "rests_on": [], "position": 2, "status": "active", "merged_into": null, "defined_in": null, "split_from": null, "deleted_at": null}]}','{"code": [{"id": 1, "parent_id": null, "name": "Access", "colour": "#882255", "definition": "", "include": "", "exclude": "", "examples": [], "cues": [], "rests_on": [], "position": 0, "status": "active", "merged_into": null, "defined_in": null, "split_from": null, "deleted_at": "2026-11-27T01:08:16.937Z"}, {"id": 2, "parent_id": 1, "name": "Waiting", "colour": "", "definition": "", "include": "", "exclude": "", "examples": [], "cues": [], "rests_on": [], "position": 0, "status": "active", "merged_into": null, "defined_in": null, "split_from": null, "deleted_at": "2026-11-27T01:08:16.938Z"}, {"id": 3, "parent_id": 1, "name": "Phone", "colour": "", "definition": "", "include": "", "exclude": "", "examples": [], "cues": [], "rests_on": [], "position": 1, "status": "active", "merged_into": null, "defined_in": null, "split_from": null, "deleted_at": "2026-11-27T01:08:16.939Z"}, {"id": 4, "parent_id": null, "name": "School", "colour": "#332288", "definition": "", "include": "", "exclude": "", "examples": [], "cues": [], "rests_on": [], "position": 1, "status": "active", "merged_into": null, "defined_in": null, "split_from": null, "deleted_at": "2026-11-27T01:08:16.939Z"}, {"id": 5, "parent_id": null, "name": "Schooling", "colour": "#44AA99", "definition": "", "include": "", "exclude": "", "examples": [], "cues": [], "rests_on": [], "position": 2, "status": "active", "merged_into": null, "defined_in": null, "split_from": null, "deleted_at": "2026-11-27T01:08:16.961Z"}]}',NULL,NULL,0,'2026-11-27T01:08:16.995Z');
INSERT INTO "operation" VALUES(4,'f067e926-7ee2-4f5e-ac57-ae83f444aceb',1,1,'code','Waiting on R1',1,'{"coding": [{"id": 1, "deleted_at": null}]}','{"coding": [{"id": 1, "deleted_at": "2026-11-27T01:08:17.217Z"}]}',NULL,NULL,0,'2026-11-27T01:08:17.217Z');
INSERT INTO "operation" VALUES(5,'59937f1f-8856-4f87-a1e5-5ed4d69f893d',1,2,'code','Phone on R1',1,'{"coding": [{"id": 2, "deleted_at": null}]}','{"coding": [{"id": 2, "deleted_at": "2026-11-27T01:08:17.294Z"}]}',NULL,NULL,0,'2026-11-27T01:08:17.294Z');
INSERT INTO "operation" VALUES(6,'177b8c02-86a7-4117-885a-0719f9a08f2b',1,1,'memo','the memo on R1',1,'{"memo": [{"id": 1, "text": "a memo", "deleted_at": null}]}','{"memo": [{"id": 1, "text": "a memo", "deleted_at": "2026-11-27T01:08:17.381Z"}]}',NULL,NULL,0,'2026-11-27T01:08:17.381Z');
INSERT INTO "operation" VALUES(7,'0605fd39-9a84-45d3-920e-069cc208aeb1',1,1,'ingest survey','importing survey.csv',NULL,'{}',NULL,NULL,NULL,0,'2026-11-27T01:08:17.449Z');
INSERT INTO "operation" VALUES(8,'e4de00f0-4af2-4724-a86d-e9282e159114',1,1,'done','done on R2',3,'{"document_state": [{"document_id": 3, "coder_id": 1, "state": "done", "done_at": "2026-11-27T01:08:17.467Z", "first_done_at": "2026-11-27T01:08:17.467Z"}]}','{"document_state": [{"document_id": 3, "coder_id": 1, "state": "untouched", "done_at": null, "first_done_at": "2026-11-27T01:08:17.467Z"}]}',NULL,NULL,0,'2026-11-27T01:08:17.492Z');
INSERT INTO "operation" VALUES(9,'f1177448-b8d8-4586-898a-81c6f45acae4',1,1,'code','School on R2',3,'{"coding": [{"id": 3, "deleted_at": null}]}','{"coding": [{"id": 3, "deleted_at": "2026-11-27T01:08:17.517Z"}]}',NULL,NULL,0,'2026-11-27T01:08:17.517Z');
INSERT INTO "operation" VALUES(10,'b6e428b5-2dd1-4d1e-8806-656d64692457',1,1,'code','School on R4',6,'{"coding": [{"id": 4, "deleted_at": null}]}','{"coding": [{"id": 4, "deleted_at": "2026-11-27T01:08:17.591Z"}]}',NULL,NULL,0,'2026-11-27T01:08:17.591Z');
INSERT INTO "operation" VALUES(11,'e10b8833-498d-4476-a494-e9b00f28fcc1',1,1,'ingest transcript','the transcript fg1.vtt',NULL,'{}',NULL,NULL,NULL,0,'2026-11-27T01:08:17.677Z');
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
INSERT INTO "operation_target" VALUES(11,'discussion',8);
INSERT INTO "operation_target" VALUES(11,'document',8);
INSERT INTO "operation_target" VALUES(11,'import_batch',3);
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
CREATE TABLE "recording" (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	study_id INTEGER NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	uri TEXT NOT NULL, 
	file_name TEXT NOT NULL, 
	duration_ms BIGINT, 
	created_at VARCHAR(24) NOT NULL, 
	media_type VARCHAR(100) NOT NULL, 
	size_bytes BIGINT NOT NULL, 
	purpose VARCHAR(10) NOT NULL, 
	respondent_id INTEGER, 
	question_id INTEGER, 
	matching VARCHAR(10) NOT NULL, 
	matched_by VARCHAR(20) DEFAULT '' NOT NULL, 
	note TEXT DEFAULT '' NOT NULL, 
	memo_id INTEGER, 
	created_by INTEGER NOT NULL, 
	CONSTRAINT uq_recording_study_id_sha256 UNIQUE (study_id, sha256), 
	CONSTRAINT fk_recording_study_id_study FOREIGN KEY(study_id) REFERENCES study (id), 
	CONSTRAINT fk_recording_respondent_id_respondent FOREIGN KEY(respondent_id) REFERENCES respondent (id), 
	CONSTRAINT fk_recording_question_id_question FOREIGN KEY(question_id) REFERENCES question (id), 
	CONSTRAINT fk_recording_memo_id_memo FOREIGN KEY(memo_id) REFERENCES memo (id), 
	CONSTRAINT fk_recording_created_by_coder FOREIGN KEY(created_by) REFERENCES coder (id), 
	CONSTRAINT ck_recording_purpose CHECK (purpose IN ('voice_note', 'memo')), 
	CONSTRAINT ck_recording_matching CHECK (matching IN ('matched', 'doubtful', 'unmatched', 'set_aside'))
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
INSERT INTO "respondent" VALUES(1,1,'R1','participant',NULL,1,'2026-11-27T01:08:16.881Z',NULL,NULL,NULL);
INSERT INTO "respondent" VALUES(2,1,'R2','participant',NULL,1,'2026-11-27T01:08:16.881Z',NULL,NULL,NULL);
INSERT INTO "respondent" VALUES(3,1,'R3','participant',NULL,1,'2026-11-27T01:08:16.881Z',NULL,NULL,NULL);
INSERT INTO "respondent" VALUES(4,1,'R4','participant',NULL,1,'2026-11-27T01:08:16.881Z',NULL,NULL,NULL);
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
CREATE TABLE "revision" (
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
	transcription_id INTEGER, 
	CONSTRAINT fk_revision_import_batch_id_import_batch FOREIGN KEY(import_batch_id) REFERENCES import_batch (id), 
	CONSTRAINT fk_revision_created_by_coder FOREIGN KEY(created_by) REFERENCES coder (id), 
	CONSTRAINT fk_revision_document_id_document FOREIGN KEY(document_id) REFERENCES document (id), 
	CONSTRAINT uq_revision_document_id_number UNIQUE (document_id, number), 
	CONSTRAINT fk_revision_transcription_id_transcription FOREIGN KEY(transcription_id) REFERENCES transcription (id)
);
INSERT INTO "revision" VALUES(1,1,1,'She listened to me. Then she left.','she listened to me. then she left.','5c390f6a67aabe4032893381ce71696e672536385a0d0ba3091b794cff945604','import',1,1,'2026-11-27T01:08:16.882Z',NULL);
INSERT INTO "revision" VALUES(2,2,1,'More time','more time','3d814e024f5d4b439a36d2863ff734074c19c65451f6a9d0bdab26db04d1edee','import',1,1,'2026-11-27T01:08:16.882Z',NULL);
INSERT INTO "revision" VALUES(3,3,1,'Nobody rang back 😀 at all','nobody rang back 😀 at all','d87085f470570cc0e8d3c1a2fa97fc15cb378bfc9ddf564777658a47506255a0','import',1,1,'2026-11-27T01:08:16.882Z',NULL);
INSERT INTO "revision" VALUES(4,4,1,'میں نے تین بار فون کیا','میں نے تین بار فون کیا','41a09d5dd01d87770a453045bd3cdd02c3b3c6bb5f3f82aa65342ccff7ca14f2','import',1,1,'2026-11-27T01:08:16.882Z',NULL);
INSERT INTO "revision" VALUES(5,5,1,'Respect','respect','23e2e7fc9b2d786b846ef1c7d2dc381fe3bb2a01c7c838736a4a802b91da683e','import',1,1,'2026-11-27T01:08:16.882Z',NULL);
INSERT INTO "revision" VALUES(6,6,1,'The school was kind','the school was kind','8ddd86fe637630e2c94eaf06c9b31d82d01919f14a8a43e60ec5b902e5e51603','import',1,1,'2026-11-27T01:08:16.882Z',NULL);
INSERT INTO "revision" VALUES(7,7,1,'A map','a map','96043be895e5951b219cb888e0168751b7ea6f5d8aae5d77e658df7acb1e945b','import',1,1,'2026-11-27T01:08:16.882Z',NULL);
INSERT INTO "revision" VALUES(8,1,2,'She often listened to me. Then she left.','she often listened to me. then she left.','8f3cdfe84ca8ee7baa87244269b0db9131b3d4665bd0c80923454d2d1aabd0df','import',2,1,'2026-11-27T01:08:17.409Z',NULL);
INSERT INTO "revision" VALUES(9,8,1,'Who did you ask first?

I rang the school.

Nobody rang back.

Same here, twice.','who did you ask first? i rang the school. nobody rang back. same here, twice.','2a192fd9408f904f49a8f27de44c1e44e1402e6d390e10cf46acb2e956e10255','transcript',3,1,'2026-11-27T01:08:17.655Z',NULL);
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
	confidence FLOAT, words JSON, quality JSON, flags JSON, reviewed_at VARCHAR(24), 
	CONSTRAINT ck_segment_span CHECK ("start" >= 0 AND "end" >= "start"), 
	CONSTRAINT fk_segment_respondent_id_respondent FOREIGN KEY(respondent_id) REFERENCES respondent (id), 
	CONSTRAINT fk_segment_revision_id_revision FOREIGN KEY(revision_id) REFERENCES revision (id), 
	CONSTRAINT uq_segment_revision_id_position UNIQUE (revision_id, position)
);
INSERT INTO "segment" VALUES(1,9,0,0,22,0,4000,'Facilitator',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "segment" VALUES(2,9,1,24,42,4000,9000,'P1',1,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "segment" VALUES(3,9,2,44,61,9000,12000,'P2',2,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "segment" VALUES(4,9,3,63,80,12000,15000,'P1',1,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE speaker (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	document_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	role VARCHAR(12) NOT NULL, 
	respondent_id INTEGER, 
	known_as JSON NOT NULL, 
	CONSTRAINT ck_speaker_role CHECK (role IN ('participant', 'facilitator')), 
	CONSTRAINT fk_speaker_document_id_document FOREIGN KEY(document_id) REFERENCES document (id), 
	CONSTRAINT fk_speaker_respondent_id_respondent FOREIGN KEY(respondent_id) REFERENCES respondent (id), 
	CONSTRAINT uq_speaker_document_id_name UNIQUE (document_id, name)
);
INSERT INTO "speaker" VALUES(1,8,0,'Facilitator','facilitator',NULL,'["f7403cdb578b8745be87147a3108c9c5520252f57e335ddb2780f568edb168d3"]');
INSERT INTO "speaker" VALUES(2,8,1,'P1','participant',1,'["2220fc647ff51ba8de2e080b2fb3b0929e0ff34f0af40b4d4b6cfa9c840d67c4"]');
INSERT INTO "speaker" VALUES(3,8,2,'P2','participant',2,'["4d29b1505f40f06725bd8587ef9b84329407fe80b1ea362ee2f2f011515c05d1"]');
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
INSERT INTO "study" VALUES(1,'91b26bd9-2900-45cf-b26d-a8a280a3255b','Test','test','A small study','{"codebook": {"name": "Small", "language": "en", "description": "", "sources": {}}}','586cda5ca06f41d89b363d4725006c6389e74c858caef603f30be3fa19a636fb','2026-11-27T01:08:16.806Z');
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
INSERT INTO "survey" VALUES(1,1,'Survey',0,'2026-11-27T01:08:16.847Z');
CREATE TABLE survey_question (
	survey_id INTEGER NOT NULL, 
	question_id INTEGER NOT NULL, 
	CONSTRAINT pk_survey_question PRIMARY KEY (survey_id, question_id), 
	CONSTRAINT fk_survey_question_survey_id_survey FOREIGN KEY(survey_id) REFERENCES survey (id), 
	CONSTRAINT fk_survey_question_question_id_question FOREIGN KEY(question_id) REFERENCES question (id)
);
INSERT INTO "survey_question" VALUES(1,1);
INSERT INTO "survey_question" VALUES(1,2);
CREATE TABLE transcription (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	transcription_run_id INTEGER NOT NULL, 
	recording_id INTEGER NOT NULL, 
	task VARCHAR(10) NOT NULL, 
	result_key VARCHAR(64) NOT NULL, 
	state VARCHAR(12) NOT NULL, 
	attempts INTEGER DEFAULT '0' NOT NULL, 
	strikes INTEGER DEFAULT '0' NOT NULL, 
	worker_id INTEGER, 
	asked_language VARCHAR(20), 
	language VARCHAR(20), 
	language_probability FLOAT, 
	audio_ms BIGINT, 
	done_ms BIGINT DEFAULT '0' NOT NULL, 
	wall_ms BIGINT, 
	engine_version VARCHAR(100), 
	result JSON, 
	error_code VARCHAR(40), 
	error TEXT, 
	retryable BOOLEAN, 
	created_at VARCHAR(24) NOT NULL, 
	started_at VARCHAR(24), 
	finished_at VARCHAR(24), 
	CONSTRAINT ck_transcription_task CHECK (task IN ('transcribe', 'translate')), 
	CONSTRAINT ck_transcription_state CHECK (state IN ('queued', 'decoding', 'transcribing', 'done', 'failed', 'cancelled')), 
	CONSTRAINT fk_transcription_transcription_run_id_transcription_run FOREIGN KEY(transcription_run_id) REFERENCES transcription_run (id), 
	CONSTRAINT fk_transcription_recording_id_recording FOREIGN KEY(recording_id) REFERENCES recording (id), 
	CONSTRAINT fk_transcription_worker_id_worker FOREIGN KEY(worker_id) REFERENCES worker (id), 
	CONSTRAINT uq_transcription_recording_id_result_key UNIQUE (recording_id, result_key)
);
CREATE TABLE transcription_run (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	study_id INTEGER NOT NULL, 
	model VARCHAR(200) NOT NULL, 
	model_sha256 VARCHAR(64) NOT NULL, 
	engine VARCHAR(50) NOT NULL, 
	options JSON NOT NULL, 
	state VARCHAR(10) NOT NULL, 
	created_by INTEGER NOT NULL, 
	created_at VARCHAR(24) NOT NULL, 
	finished_at VARCHAR(24), 
	CONSTRAINT ck_transcription_run_state CHECK (state IN ('open', 'paused', 'cancelled', 'finished')), 
	CONSTRAINT fk_transcription_run_created_by_coder FOREIGN KEY(created_by) REFERENCES coder (id), 
	CONSTRAINT fk_transcription_run_study_id_study FOREIGN KEY(study_id) REFERENCES study (id)
);
CREATE TABLE worker (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	guid VARCHAR(36) NOT NULL, 
	host VARCHAR(200) NOT NULL, 
	pid INTEGER NOT NULL, 
	started_at VARCHAR(24) NOT NULL, 
	seen_at VARCHAR(24) NOT NULL, 
	ended_at VARCHAR(24), 
	CONSTRAINT uq_worker_guid UNIQUE (guid)
);
CREATE INDEX ix_code_ancestor_ancestor ON code_ancestor (ancestor_id, code_id);
CREATE INDEX ix_absent_answer_question ON absent_answer (question_id, state);
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
CREATE INDEX ix_anchor_flagged ON anchor (revision_id, coding_id) WHERE state = 'flagged';
CREATE INDEX ix_coding_respondent_document ON coding_respondent (document_id, code_id, coder_id);
CREATE INDEX ix_coding_respondent_count ON coding_respondent (respondent_id, code_id, coder_id, document_id, opens_any, opens_own);
CREATE INDEX ix_respondent_survey_respondent ON respondent_survey (respondent_id);
CREATE INDEX ix_saved_filter_study_id ON saved_filter (study_id);
CREATE INDEX ix_coding_live ON coding (coder_id, code_id, document_id) WHERE deleted_at IS NULL;
CREATE INDEX ix_respondent_withdrawn ON respondent (study_id, id) WHERE withdrawn_at IS NOT NULL;
CREATE INDEX ix_operation_document ON operation (document_id) WHERE document_id IS NOT NULL;
CREATE INDEX ix_recording_respondent_id ON recording (respondent_id);
CREATE INDEX ix_recording_matching ON recording (study_id, matching, id);
CREATE INDEX ix_transcription_run_study_id ON transcription_run (study_id);
CREATE INDEX ix_transcription_transcription_run_id ON transcription (transcription_run_id);
CREATE INDEX ix_transcription_queue ON transcription (state, id);
CREATE INDEX ix_document_by_question ON document (study_id, sort_question, sort_respondent, id) WHERE codable = 1;
CREATE INDEX ix_document_translation_of ON document (translation_of) WHERE translation_of IS NOT NULL;
CREATE INDEX ix_document_current_revision_id ON document (current_revision_id);
CREATE INDEX ix_document_respondent_id ON document (respondent_id);
CREATE INDEX ix_document_length ON document (question_id, n_words, respondent_id);
CREATE INDEX ix_document_order ON document (study_id, question_id, respondent_id);
CREATE INDEX ix_document_by_respondent ON document (study_id, sort_respondent, sort_question, id) WHERE codable = 1;
CREATE INDEX ix_document_recording_id ON document (recording_id);
CREATE INDEX ix_document_draft ON document (study_id, id) WHERE transcript = 'draft';
CREATE INDEX ix_revision_import ON revision (import_batch_id, number, document_id);
CREATE INDEX ix_code_study_id ON code (study_id);
CREATE INDEX ix_memo_target ON memo (target_kind, target_id, author_id);
CREATE INDEX ix_memo_study ON memo (study_id, id);
CREATE INDEX ix_done_coding_coder ON done_coding (coder_id, document_id);
CREATE INDEX ix_adjudication_document_id ON adjudication (document_id);
CREATE INDEX ix_event_actor ON event (study_id, actor_id, number);
CREATE INDEX ix_speaker_respondent_id ON speaker (respondent_id);
CREATE INDEX ix_exchanged_target ON exchanged (study_id, kind, target_id);
CREATE INDEX ix_done_coding_coding ON done_coding (coding_id);
CREATE INDEX ix_done_coding_revision ON done_coding (revision_id);
CREATE INDEX ix_adjudication_revision ON adjudication (revision_id);
CREATE INDEX ix_memo_reply_to ON memo (reply_to) WHERE reply_to IS NOT NULL;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('import_batch',3);
INSERT INTO "sqlite_sequence" VALUES('respondent',4);
INSERT INTO "sqlite_sequence" VALUES('survey',1);
INSERT INTO "sqlite_sequence" VALUES('recording',0);
INSERT INTO "sqlite_sequence" VALUES('document',8);
INSERT INTO "sqlite_sequence" VALUES('revision',9);
INSERT INTO "sqlite_sequence" VALUES('code',5);
INSERT INTO "sqlite_sequence" VALUES('memo',1);
INSERT INTO "sqlite_sequence" VALUES('coder',2);
INSERT INTO "sqlite_sequence" VALUES('study',1);
INSERT INTO "sqlite_sequence" VALUES('operation',11);
INSERT INTO "sqlite_sequence" VALUES('event',11);
INSERT INTO "sqlite_sequence" VALUES('attribute',4);
INSERT INTO "sqlite_sequence" VALUES('question',2);
INSERT INTO "sqlite_sequence" VALUES('codebook_version',1);
INSERT INTO "sqlite_sequence" VALUES('coding',4);
INSERT INTO "sqlite_sequence" VALUES('anchor',6);
INSERT INTO "sqlite_sequence" VALUES('speaker',3);
INSERT INTO "sqlite_sequence" VALUES('segment',4);
COMMIT;
