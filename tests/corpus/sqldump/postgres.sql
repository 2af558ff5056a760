--
-- PostgreSQL database dump
--
CREATE TABLE t (a text);
COPY t (a) FROM stdin;
1
\.
INSERT INTO t VALUES ('a;(''');
-- PostgreSQL database dump complete
