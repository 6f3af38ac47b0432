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
INSERT INTO "alembic_version" VALUES('0003');
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
INSERT INTO "code" VALUES(1,1,'68f71174-5dfa-4dc1-8bfa-9d21a2f53456',NULL,'Access','#882255','','','','[]','[]','[]',0,'active',NULL,'2026-11-26T10:06:55.398Z',NULL);
INSERT INTO "code" VALUES(2,1,'2db6bef3-f0ee-4e73-aa04-a155bc7202d7',1,'Waiting','','','','','[]','[]','[]',0,'active',NULL,'2026-11-26T10:06:55.399Z',NULL);
INSERT INTO "code" VALUES(3,1,'3b228ea2-7a93-4f33-b54f-8bb45e98f97a',1,'Phone','','','','','[]','[]','[]',1,'active',NULL,'2026-11-26T10:06:55.400Z',NULL);
INSERT INTO "code" VALUES(4,1,'6af9dc1c-3e64-4a0b-ba3f-028c9a5aa808',NULL,'School','#332288','','','','[]','[]','[]',1,'active',NULL,'2026-11-26T10:06:55.400Z',NULL);
INSERT INTO "code" VALUES(5,1,'6a665c8e-9c3c-46b6-b6d8-c71d583933ac',NULL,'Schooling','#44AA99','','','','[]','[]','[]',2,'active',NULL,'2026-11-26T10:06:55.400Z',NULL);
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
INSERT INTO "codebook_version" VALUES(1,1,1,NULL,'','[{"id": 1, "path": ["Access"], "definition": "", "include": "", "exclude": "", "status": "active"}, {"id": 2, "path": ["Access", "Waiting"], "definition": "", "include": "", "exclude": "", "status": "active"}, {"id": 3, "path": ["Access", "Phone"], "definition": "", "include": "", "exclude": "", "status": "active"}, {"id": 4, "path": ["School"], "definition": "", "include": "", "exclude": "", "status": "active"}, {"id": 5, "path": ["Schooling"], "definition": "", "include": "", "exclude": "", "status": "active"}]',1,'2026-11-26T10:06:55.404Z');
CREATE TABLE coder (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	guid VARCHAR(36) NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	name_key VARCHAR(200) NOT NULL, 
	created_at VARCHAR(24) NOT NULL, preferences JSON DEFAULT '{}' NOT NULL, 
	CONSTRAINT uq_coder_guid UNIQUE (guid), 
	CONSTRAINT uq_coder_name_key UNIQUE (name_key)
);
INSERT INTO "coder" VALUES(1,'a5cd53fe-4db7-4154-bee2-95e1cc130c77','Asha','asha','2026-11-26T10:06:55.379Z','{}');
INSERT INTO "coder" VALUES(2,'a31868f6-ebca-4d4b-97e7-eb0687b610b7','Ben','ben','2026-11-26T10:06:55.427Z','{}');
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
INSERT INTO "coding" VALUES(1,'28b15496-0f4b-44b6-8abf-5096e5bd1130',1,'span',2,1,1,'person','2026-11-26T10:06:55.423Z',NULL);
INSERT INTO "coding" VALUES(2,'d1e9f318-7ceb-4fb3-b1b4-e06b722688b6',1,'span',3,2,1,'person','2026-11-26T10:06:55.433Z',NULL);
INSERT INTO "coding" VALUES(3,'c5490a6d-0735-4b88-ba90-dab3083e15ec',3,'document',4,1,1,'person','2026-11-26T10:06:55.457Z',NULL);
INSERT INTO "coding" VALUES(4,'be0b1229-09c0-471d-9e39-383fab437ffa',6,'span',4,1,1,'person','2026-11-26T10:06:55.467Z',NULL);
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
	checked_by INTEGER, 
	CONSTRAINT ck_document_kind CHECK (kind IN ('answer', 'voice_note', 'focus_group', 'note')), 
	CONSTRAINT fk_document_adjudicated_by_coder FOREIGN KEY(adjudicated_by) REFERENCES coder (id), 
	CONSTRAINT fk_document_study_id_study FOREIGN KEY(study_id) REFERENCES study (id), 
	CONSTRAINT uq_document_study_id_ref UNIQUE (study_id, ref), 
	CONSTRAINT uq_document_guid UNIQUE (guid), 
	CONSTRAINT fk_document_question_id_question FOREIGN KEY(question_id) REFERENCES question (id), 
	CONSTRAINT fk_document_recording_id_recording FOREIGN KEY(recording_id) REFERENCES recording (id), 
	CONSTRAINT fk_document_respondent_id_respondent FOREIGN KEY(respondent_id) REFERENCES respondent (id), 
	CONSTRAINT fk_document_translation_of_document FOREIGN KEY(translation_of) REFERENCES document (id), 
	CONSTRAINT answer UNIQUE (study_id, respondent_id, question_id, answer_kind), 
	CONSTRAINT fk_document_checked_by_coder FOREIGN KEY(checked_by) REFERENCES coder (id), 
	CONSTRAINT ck_document_transcript CHECK (transcript IN ('draft', 'checked'))
);
INSERT INTO "document" VALUES(1,1,'01a21752-8ba1-7000-bbed-9c9361efac83','answer',NULL,1,1,'typed',NULL,NULL,NULL,8,1,NULL,NULL,'2026-11-26T10:06:55.393Z',8,1,1,NULL,NULL,NULL);
INSERT INTO "document" VALUES(2,1,'01a21752-8ba1-7001-bab5-d825b29b9a91','answer',NULL,1,2,'typed',NULL,NULL,NULL,2,1,NULL,NULL,'2026-11-26T10:06:55.393Z',2,2,1,NULL,NULL,NULL);
INSERT INTO "document" VALUES(3,1,'01a21752-8ba1-7002-9c67-3fdaf72698ac','answer',NULL,2,1,'typed',NULL,NULL,NULL,3,1,NULL,NULL,'2026-11-26T10:06:55.393Z',6,1,2,NULL,NULL,NULL);
INSERT INTO "document" VALUES(4,1,'01a21752-8ba1-7003-abe9-f9b8d4114f3e','answer',NULL,3,1,'typed',NULL,NULL,NULL,4,1,NULL,NULL,'2026-11-26T10:06:55.393Z',6,1,3,NULL,NULL,NULL);
INSERT INTO "document" VALUES(5,1,'01a21752-8ba1-7004-a6f4-992591696a97','answer',NULL,3,2,'typed',NULL,NULL,NULL,5,1,NULL,NULL,'2026-11-26T10:06:55.393Z',1,2,3,NULL,NULL,NULL);
INSERT INTO "document" VALUES(6,1,'01a21752-8ba1-7005-bb3b-03cfd837e9eb','answer',NULL,4,1,'typed',NULL,NULL,NULL,6,1,NULL,NULL,'2026-11-26T10:06:55.393Z',4,1,4,NULL,NULL,NULL);
INSERT INTO "document" VALUES(7,1,'01a21752-8ba1-7006-9f31-5d8b838a9661','answer',NULL,4,2,'typed',NULL,NULL,NULL,7,1,NULL,NULL,'2026-11-26T10:06:55.393Z',2,2,4,NULL,NULL,NULL);
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
INSERT INTO "document_state" VALUES(3,1,'done','2026-11-26T10:06:55.451Z','2026-11-26T10:06:55.451Z');
INSERT INTO "document_state" VALUES(6,1,'in_progress',NULL,NULL);
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
INSERT INTO "event" VALUES(1,1,1,'d3f366e5-4053-4ab1-ad74-3c7b992e3136',1,'create study','{"digest":"96671d38a2f1fca935f51855fa6670045e3e37b51c7daee89566a8b07c694a2e","targets":[]}','2026-11-26T10:06:55.382Z','0000000000000000000000000000000000000000000000000000000000000000','68dfcba91e161609f1237a613c6a3f047ac3bacc3b130056904c023426bafb9f');
INSERT INTO "event" VALUES(2,1,2,'304878d7-4d3f-4651-b119-5380a17c8e06',1,'ingest survey','{"answers_changed":0,"answers_new":7,"batch":1,"digest":"96671d38a2f1fca935f51855fa6670045e3e37b51c7daee89566a8b07c694a2e","respondents_new":4,"targets":[["import_batch",1]]}','2026-11-26T10:06:55.395Z','68dfcba91e161609f1237a613c6a3f047ac3bacc3b130056904c023426bafb9f','48c35e26acef613b2d5f6fe7340834c430905fb7802c34f749932ea2704acfd1');
INSERT INTO "event" VALUES(3,1,3,'c8da7cd8-a6ef-4d31-b0c7-46b100857264',1,'load codebook','{"digest":"8c4e626f7f34af1a8d39c1b7b225650414fbda72c7913e67fc24a95f3e129842","targets":[["code",1],["code",2],["code",3],["code",4],["code",5]]}','2026-11-26T10:06:55.405Z','48c35e26acef613b2d5f6fe7340834c430905fb7802c34f749932ea2704acfd1','e086b9371515d647ee0815f27b001a574acaebb2cf13f44cdeb864639c1b6afd');
INSERT INTO "event" VALUES(4,1,4,'c67d3c92-29de-4728-ba8f-f2cf1996ef0b',1,'code','{"digest":"eb804b9cd42075fa64cf635d508e4a77dfbed5df30b81fe57d6e57d11eccb283","document":1,"targets":[["coding",1]]}','2026-11-26T10:06:55.426Z','e086b9371515d647ee0815f27b001a574acaebb2cf13f44cdeb864639c1b6afd','390f14169fe33d1966b778a2f38e9235f10a7298bad9d62578185a74c0124688');
INSERT INTO "event" VALUES(5,1,5,'230e3b8e-5d95-4ebe-8117-14ff1bf3f29b',2,'code','{"digest":"05aa3e1e9e79930224efc0b3be7b2ef427231d84794ef07a45395a4bebaced9e","document":1,"targets":[["coding",2]]}','2026-11-26T10:06:55.434Z','390f14169fe33d1966b778a2f38e9235f10a7298bad9d62578185a74c0124688','30fa131da56d5315ab2243705320fb03a33f6ddcf6e9094a94e1745c12a90117');
INSERT INTO "event" VALUES(6,1,6,'2e62c85d-79b3-4ead-8fae-005d9999dbc9',1,'memo','{"digest":"da21835d8b9386f68b24f18b2e84f8700df86b4a31ec21e99a0a9794785dcfd4","document":1,"targets":[["coding",1],["memo",1]]}','2026-11-26T10:06:55.436Z','30fa131da56d5315ab2243705320fb03a33f6ddcf6e9094a94e1745c12a90117','1f31cced529169e6bd87fab1826d9b5e72ae5206e63b8c6816b2cdd80db02f7f');
INSERT INTO "event" VALUES(7,1,7,'b36b1199-e407-4d54-ab63-bbc0ebf4fe58',1,'ingest survey','{"answers_changed":1,"answers_new":0,"batch":2,"digest":"96671d38a2f1fca935f51855fa6670045e3e37b51c7daee89566a8b07c694a2e","respondents_new":0,"targets":[["document",1],["import_batch",2]]}','2026-11-26T10:06:55.449Z','1f31cced529169e6bd87fab1826d9b5e72ae5206e63b8c6816b2cdd80db02f7f','8014ca3222f2b0d843ac32f75c27b0c4c55d73d71ab241f83629159ac61b6685');
INSERT INTO "event" VALUES(8,1,8,'3484e162-5c69-43cd-8887-d2dbee698f4e',1,'done','{"digest":"e623a7adc9da4c218fd4378e010ac9ca6415dbeb5d4dea90a17c52d3f00dea48","document":3,"targets":[["document_state",3]]}','2026-11-26T10:06:55.452Z','8014ca3222f2b0d843ac32f75c27b0c4c55d73d71ab241f83629159ac61b6685','0080468f4e195170a95a425da71b3f7e6af61b65b40ea849e140db810dec9ca9');
INSERT INTO "event" VALUES(9,1,9,'f8b86468-e994-400c-98d5-43d14e37659b',1,'code','{"digest":"2436d2a641e3bfb63cc2f4d01a9892f42bda864827f8ce8005c9fb988e10150d","document":3,"targets":[["coding",3]]}','2026-11-26T10:06:55.458Z','0080468f4e195170a95a425da71b3f7e6af61b65b40ea849e140db810dec9ca9','48b61192e60ad340b73a3222050e6c4f48e2bf64dbe1b21104a1bdfbc2c9b15f');
INSERT INTO "event" VALUES(10,1,10,'67ceb18d-fbf4-4713-a94a-060a1e8773c5',1,'code','{"digest":"160144f46e19da0ce13ccd75b805fa5f58be60632debd852c99627186995f5e4","document":6,"targets":[["coding",4]]}','2026-11-26T10:06:55.467Z','48b61192e60ad340b73a3222050e6c4f48e2bf64dbe1b21104a1bdfbc2c9b15f','c332e041d9213e71b7d488d3e1340ff24882edeada91caafb5720f1dfeb27d12');
CREATE TABLE event_head (
	study_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	hash VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_event_head PRIMARY KEY (study_id), 
	CONSTRAINT fk_event_head_study_id_study FOREIGN KEY(study_id) REFERENCES study (id)
);
INSERT INTO "event_head" VALUES(1,10,'c332e041d9213e71b7d488d3e1340ff24882edeada91caafb5720f1dfeb27d12');
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
INSERT INTO "import_batch" VALUES(1,1,'survey','survey.csv','3aac008c02f457099c8de0bf4748bee9692d685cb9becfe49cf99c6f378f9c13','','{"study": "Test", "study_created": false, "survey": "Survey", "survey_created": true, "respondents_new": 4, "respondents_updated": 0, "respondents_unchanged": 0, "respondents_missing": 0, "answers_new": 7, "answers_changed": 0, "answers_unchanged": 0, "answers_blank": 1, "answers_not_asked": 0, "answers_awaiting_transcript": 0, "answers_kept": 0, "descriptions_changed": 6, "values_changed": 0, "values_set_by_hand": 0, "codings_reanchored": 0, "codings_flagged": 0, "rows_excluded": 0, "excluded": {}, "undecided": [], "bad_rows": [], "warnings": []}',1,'2026-11-26T10:06:55.391Z',NULL,1,'{"survey_made": 1, "attributes_made": [2, 4, 1, 3], "questions_made": [1, 2], "attributes": [], "questions": [], "questions_linked": [1, 2], "values": [], "absences": [], "absences_made": {}, "quotable": []}');
INSERT INTO "import_batch" VALUES(2,1,'survey','survey.csv','2d428c50ac8f1283d295f2f568248c99518f8cac628882a8c20c78ea6bd2032f','','{"study": "Test", "study_created": false, "survey": "Survey", "survey_created": false, "respondents_new": 0, "respondents_updated": 1, "respondents_unchanged": 3, "respondents_missing": 0, "answers_new": 0, "answers_changed": 1, "answers_unchanged": 6, "answers_blank": 1, "answers_not_asked": 0, "answers_awaiting_transcript": 0, "answers_kept": 0, "descriptions_changed": 0, "values_changed": 0, "values_set_by_hand": 0, "codings_reanchored": 2, "codings_flagged": 0, "rows_excluded": 0, "excluded": {}, "undecided": [], "bad_rows": [], "warnings": []}',1,'2026-11-26T10:06:55.440Z',NULL,1,'{"survey_made": null, "attributes_made": [], "questions_made": [], "attributes": [], "questions": [], "questions_linked": [], "values": [], "absences": [], "absences_made": {}, "quotable": []}');
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
INSERT INTO "membership" VALUES(1,1,'owner','2026-11-26T10:06:55.381Z');
INSERT INTO "membership" VALUES(1,2,'coder','2026-11-26T10:06:55.433Z');
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
INSERT INTO "memo" VALUES(1,'24f6f3ed-012a-4aec-b51e-5a4d69eae88a',1,'coding',1,NULL,'a memo',1,'2026-11-26T10:06:55.436Z','2026-11-26T10:06:55.436Z',NULL);
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
INSERT INTO "operation" VALUES(1,'d3f366e5-4053-4ab1-ad74-3c7b992e3136',1,1,'create study','the study Test',NULL,'{}',NULL,NULL,NULL,0,'2026-11-26T10:06:55.381Z');
INSERT INTO "operation" VALUES(2,'304878d7-4d3f-4651-b119-5380a17c8e06',1,1,'ingest survey','importing survey.csv',NULL,'{}',NULL,NULL,NULL,0,'2026-11-26T10:06:55.395Z');
INSERT INTO "operation" VALUES(3,'c8da7cd8-a6ef-4d31-b0c7-46b100857264',1,1,'load codebook','codebook Small',NULL,'{"code": [{"id": 1, "parent_id": null, "name": "Access", "colour": "#882255", "definition": "", "include": "", "exclude": "", "examples": [], "cues": [], "rests_on": [], "position": 0, "status": "active", "merged_into": null, "deleted_at": null}, {"id": 2, "parent_id": 1, "name": "Waiting", "colour": "", "definition": "", "include": "", "exclude": "", "examples": [], "cues": [], "rests_on": [], "position": 0, "status": "active", "merged_into": null, "deleted_at": null}, {"id": 3, "parent_id": 1, "name": "Phone", "colour": "", "definition": "", "include": "", "exclude": "", "examples": [], "cues": [], "rests_on": [], "position": 1, "status": "active", "merged_into": null, "deleted_at": null}, {"id": 4, "parent_id": null, "name": "School", "colour": "#332288", "definition": "", "include": "", "exclude": "", "examples": [], "cues": [], "rests_on": [], "position": 1, "status": "active", "merged_into": null, "deleted_at": null}, {"id": 5, "parent_id": null, "name": "Schooling", "colour": "#44AA99", "definition": "", "include": "", "exclude": "", "examples": [], "cues": [], "rests_on": [], "position": 2, "status": "active", "merged_into": null, "deleted_at": null}]}','{"code": [{"id": 1, "parent_id": null, "name": "Access", "colour": "#882255", "definition": "", "include": "", "exclude": "", "examples": [], "cues": [], "rests_on": [], "position": 0, "status": "active", "merged_into": null, "deleted_at": "2026-11-26T10:06:55.399Z"}, {"id": 2, "parent_id": 1, "name": "Waiting", "colour": "", "definition": "", "include": "", "exclude": "", "examples": [], "cues": [], "rests_on": [], "position": 0, "status": "active", "merged_into": null, "deleted_at": "2026-11-26T10:06:55.400Z"}, {"id": 3, "parent_id": 1, "name": "Phone", "colour": "", "definition": "", "include": "", "exclude": "", "examples": [], "cues": [], "rests_on": [], "position": 1, "status": "active", "merged_into": null, "deleted_at": "2026-11-26T10:06:55.400Z"}, {"id": 4, "parent_id": null, "name": "School", "colour": "#332288", "definition": "", "include": "", "exclude": "", "examples": [], "cues": [], "rests_on": [], "position": 1, "status": "active", "merged_into": null, "deleted_at": "2026-11-26T10:06:55.400Z"}, {"id": 5, "parent_id": null, "name": "Schooling", "colour": "#44AA99", "definition": "", "include": "", "exclude": "", "examples": [], "cues": [], "rests_on": [], "position": 2, "status": "active", "merged_into": null, "deleted_at": "2026-11-26T10:06:55.401Z"}]}',NULL,NULL,0,'2026-11-26T10:06:55.405Z');
INSERT INTO "operation" VALUES(4,'c67d3c92-29de-4728-ba8f-f2cf1996ef0b',1,1,'code','Waiting on R1',1,'{"coding": [{"id": 1, "deleted_at": null}]}','{"coding": [{"id": 1, "deleted_at": "2026-11-26T10:06:55.426Z"}]}',NULL,NULL,0,'2026-11-26T10:06:55.426Z');
INSERT INTO "operation" VALUES(5,'230e3b8e-5d95-4ebe-8117-14ff1bf3f29b',1,2,'code','Phone on R1',1,'{"coding": [{"id": 2, "deleted_at": null}]}','{"coding": [{"id": 2, "deleted_at": "2026-11-26T10:06:55.433Z"}]}',NULL,NULL,0,'2026-11-26T10:06:55.433Z');
INSERT INTO "operation" VALUES(6,'2e62c85d-79b3-4ead-8fae-005d9999dbc9',1,1,'memo','the memo on R1',1,'{"memo": [{"id": 1, "text": "a memo", "deleted_at": null}]}','{"memo": [{"id": 1, "text": "a memo", "deleted_at": "2026-11-26T10:06:55.436Z"}]}',NULL,NULL,0,'2026-11-26T10:06:55.436Z');
INSERT INTO "operation" VALUES(7,'b36b1199-e407-4d54-ab63-bbc0ebf4fe58',1,1,'ingest survey','importing survey.csv',NULL,'{}',NULL,NULL,NULL,0,'2026-11-26T10:06:55.448Z');
INSERT INTO "operation" VALUES(8,'3484e162-5c69-43cd-8887-d2dbee698f4e',1,1,'done','done on R2',3,'{"document_state": [{"document_id": 3, "coder_id": 1, "state": "done", "done_at": "2026-11-26T10:06:55.451Z", "first_done_at": "2026-11-26T10:06:55.451Z"}]}','{"document_state": [{"document_id": 3, "coder_id": 1, "state": "untouched", "done_at": null, "first_done_at": "2026-11-26T10:06:55.451Z"}]}',NULL,NULL,0,'2026-11-26T10:06:55.452Z');
INSERT INTO "operation" VALUES(9,'f8b86468-e994-400c-98d5-43d14e37659b',1,1,'code','School on R2',3,'{"coding": [{"id": 3, "deleted_at": null}]}','{"coding": [{"id": 3, "deleted_at": "2026-11-26T10:06:55.457Z"}]}',NULL,NULL,0,'2026-11-26T10:06:55.457Z');
INSERT INTO "operation" VALUES(10,'67ceb18d-fbf4-4713-a94a-060a1e8773c5',1,1,'code','School on R4',6,'{"coding": [{"id": 4, "deleted_at": null}]}','{"coding": [{"id": 4, "deleted_at": "2026-11-26T10:06:55.467Z"}]}',NULL,NULL,0,'2026-11-26T10:06:55.467Z');
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
	CONSTRAINT fk_recording_study_id_study FOREIGN KEY(study_id) REFERENCES study (id), 
	CONSTRAINT uq_recording_study_id_sha256 UNIQUE (study_id, sha256), 
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
	CONSTRAINT fk_respondent_import_batch_id_import_batch FOREIGN KEY(import_batch_id) REFERENCES import_batch (id), 
	CONSTRAINT uq_respondent_study_id_ref UNIQUE (study_id, ref), 
	CONSTRAINT ck_respondent_kind CHECK (kind IN ('participant', 'facilitator')), 
	CONSTRAINT fk_respondent_study_id_study FOREIGN KEY(study_id) REFERENCES study (id), 
	CONSTRAINT uq_respondent_study_id_source_digest UNIQUE (study_id, source_digest)
);
INSERT INTO "respondent" VALUES(1,1,'R1','participant',NULL,1,'2026-11-26T10:06:55.393Z',NULL,NULL,NULL);
INSERT INTO "respondent" VALUES(2,1,'R2','participant',NULL,1,'2026-11-26T10:06:55.393Z',NULL,NULL,NULL);
INSERT INTO "respondent" VALUES(3,1,'R3','participant',NULL,1,'2026-11-26T10:06:55.393Z',NULL,NULL,NULL);
INSERT INTO "respondent" VALUES(4,1,'R4','participant',NULL,1,'2026-11-26T10:06:55.393Z',NULL,NULL,NULL);
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
	CONSTRAINT fk_revision_document_id_document FOREIGN KEY(document_id) REFERENCES document (id), 
	CONSTRAINT uq_revision_document_id_number UNIQUE (document_id, number), 
	CONSTRAINT fk_revision_created_by_coder FOREIGN KEY(created_by) REFERENCES coder (id), 
	CONSTRAINT fk_revision_transcription_id_transcription FOREIGN KEY(transcription_id) REFERENCES transcription (id)
);
INSERT INTO "revision" VALUES(1,1,1,'She listened to me. Then she left.','she listened to me. then she left.','5c390f6a67aabe4032893381ce71696e672536385a0d0ba3091b794cff945604','import',1,1,'2026-11-26T10:06:55.393Z',NULL);
INSERT INTO "revision" VALUES(2,2,1,'More time','more time','3d814e024f5d4b439a36d2863ff734074c19c65451f6a9d0bdab26db04d1edee','import',1,1,'2026-11-26T10:06:55.393Z',NULL);
INSERT INTO "revision" VALUES(3,3,1,'Nobody rang back 😀 at all','nobody rang back 😀 at all','d87085f470570cc0e8d3c1a2fa97fc15cb378bfc9ddf564777658a47506255a0','import',1,1,'2026-11-26T10:06:55.393Z',NULL);
INSERT INTO "revision" VALUES(4,4,1,'میں نے تین بار فون کیا','میں نے تین بار فون کیا','41a09d5dd01d87770a453045bd3cdd02c3b3c6bb5f3f82aa65342ccff7ca14f2','import',1,1,'2026-11-26T10:06:55.393Z',NULL);
INSERT INTO "revision" VALUES(5,5,1,'Respect','respect','23e2e7fc9b2d786b846ef1c7d2dc381fe3bb2a01c7c838736a4a802b91da683e','import',1,1,'2026-11-26T10:06:55.393Z',NULL);
INSERT INTO "revision" VALUES(6,6,1,'The school was kind','the school was kind','8ddd86fe637630e2c94eaf06c9b31d82d01919f14a8a43e60ec5b902e5e51603','import',1,1,'2026-11-26T10:06:55.393Z',NULL);
INSERT INTO "revision" VALUES(7,7,1,'A map','a map','96043be895e5951b219cb888e0168751b7ea6f5d8aae5d77e658df7acb1e945b','import',1,1,'2026-11-26T10:06:55.393Z',NULL);
INSERT INTO "revision" VALUES(8,1,2,'She often listened to me. Then she left.','she often listened to me. then she left.','8f3cdfe84ca8ee7baa87244269b0db9131b3d4665bd0c80923454d2d1aabd0df','import',2,1,'2026-11-26T10:06:55.442Z',NULL);
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
INSERT INTO "study" VALUES(1,'a1d69e8a-4388-4fc9-811d-93adc0c7055a','Test','test','A small study','{"codebook": {"name": "Small", "language": "en", "description": "", "sources": {}}}','ef62a4526c4fcdb708df4327677de6606ee7769ed2017fdcd3013ba245735946','2026-11-26T10:06:55.380Z');
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
INSERT INTO "survey" VALUES(1,1,'Survey',0,'2026-11-26T10:06:55.387Z');
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
CREATE INDEX ix_code_study_id ON code (study_id);
CREATE INDEX ix_memo_target ON memo (target_kind, target_id, author_id);
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
CREATE INDEX ix_document_order ON document (study_id, question_id, respondent_id);
CREATE INDEX ix_document_translation_of ON document (translation_of) WHERE translation_of IS NOT NULL;
CREATE INDEX ix_document_length ON document (question_id, n_words, respondent_id);
CREATE INDEX ix_document_respondent_id ON document (respondent_id);
CREATE INDEX ix_document_by_respondent ON document (study_id, sort_respondent, sort_question, id) WHERE codable = 1;
CREATE INDEX ix_document_current_revision_id ON document (current_revision_id);
CREATE INDEX ix_document_recording_id ON document (recording_id);
CREATE INDEX ix_document_draft ON document (study_id, id) WHERE transcript = 'draft';
CREATE INDEX ix_revision_import ON revision (import_batch_id, number, document_id);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('import_batch',2);
INSERT INTO "sqlite_sequence" VALUES('respondent',4);
INSERT INTO "sqlite_sequence" VALUES('survey',1);
INSERT INTO "sqlite_sequence" VALUES('recording',0);
INSERT INTO "sqlite_sequence" VALUES('document',7);
INSERT INTO "sqlite_sequence" VALUES('revision',8);
INSERT INTO "sqlite_sequence" VALUES('coder',2);
INSERT INTO "sqlite_sequence" VALUES('study',1);
INSERT INTO "sqlite_sequence" VALUES('operation',10);
INSERT INTO "sqlite_sequence" VALUES('event',10);
INSERT INTO "sqlite_sequence" VALUES('attribute',4);
INSERT INTO "sqlite_sequence" VALUES('question',2);
INSERT INTO "sqlite_sequence" VALUES('code',5);
INSERT INTO "sqlite_sequence" VALUES('codebook_version',1);
INSERT INTO "sqlite_sequence" VALUES('coding',4);
INSERT INTO "sqlite_sequence" VALUES('anchor',6);
INSERT INTO "sqlite_sequence" VALUES('memo',1);
COMMIT;
