-- MySQL dump 10
INSERT INTO `t` VALUES (1,'a\'),(b'),(2);
-- Dump completed
