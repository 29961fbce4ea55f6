/// Data definition: CREATE, ALTER, DROP, TRUNCATE. Each family of statements has a class; all of
/// them work on a [DdlContext], which is the session's transaction and the catalog as it sees it.
///
/// A definition is changed by changing descriptors; stored rows are only touched where their bytes
/// or places change, by [TableRewriter]. Every change of a table writes its new schema version at
/// every shard that holds it, under an exclusive lock of the table. Nothing here commits.
package io.trencadis.sql.ddl;
