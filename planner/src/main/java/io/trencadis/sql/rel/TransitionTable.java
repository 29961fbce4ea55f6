package io.trencadis.sql.rel;

import io.trencadis.sql.catalog.TableDescriptor;

/// Rows that a statement has changed, as a trigger's function reads them by a name.
///
/// @param table whose columns they have
/// @param rows under which a run keeps them
public record TransitionTable(TableDescriptor table, WorkTable rows) {}
