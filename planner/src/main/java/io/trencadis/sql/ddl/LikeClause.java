package io.trencadis.sql.ddl;

import io.trencadis.sql.ast.TableElement;
import io.trencadis.sql.catalog.CheckConstraint;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.CommentDescriptor;
import io.trencadis.sql.catalog.Descriptor;
import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.rights.Kind;
import java.util.LinkedHashMap;
import java.util.Map;

/// `LIKE table INCLUDING …` in CREATE TABLE: columns with names, types and NOT NULL, and what else
/// is asked for. There are no storage settings or extended statistics to copy.
final class LikeClause {
  private final DdlContext cx;
  private final TableElement.LikeClause like;
  private final TableDescriptor source;

  LikeClause(DdlContext cx, TableElement.LikeClause like) {
    this.cx = cx;
    this.like = like;
    this.source = cx.names().tableOfQuery(like.source());
  }

  /// Whether an option holds: the last word about it counts.
  private boolean includes(String what) {
    boolean included = false;
    for (TableElement.LikeOption option : like.options()) {
      if (option.what().equalsIgnoreCase(what) || option.what().equalsIgnoreCase("all")) {
        included = option.including();
      }
    }
    return included;
  }

  void addTo(TableBuilder builder) {
    for (Column column : source.liveColumns()) {
      Column plain =
          Column.of(0, column.name(), column.typeOid(), column.typmod())
              .withNotNull(column.notNull())
              .withCollation(column.collation());
      builder.copy(
          column.generated()
              ? includes("generated") ? plain.withGeneration(column.defaultText()) : plain
              : includes("defaults") ? plain.withDefault(column.defaultText()) : plain);
      if (column.identity() != ' ' && includes("identity")) {
        builder.copyIdentity(column, cx.catalog().sequence(column.sequenceOid()));
      }
    }
    if (includes("constraints")) {
      for (CheckConstraint check : source.checks()) {
        builder.copyLike(check);
      }
    }
    if (includes("indexes")) {
      for (IndexDescriptor index : source.indexes()) {
        if (index.constraint() && !index.exclusion()) {
          builder.copyConstraint(source, index);
        }
      }
    }
  }

  /// Adds the indexes that no constraint made, and comments, once the table is there.
  void addRest(int tableOid, IndexCommands indexes) {
    if (includes("comments")) {
      addComments(cx.catalog().table(tableOid));
    }
    if (!includes("indexes")) {
      return;
    }
    for (IndexDescriptor index : source.indexes()) {
      if (!index.constraint() || index.exclusion()) {
        indexes.addLike(cx.catalog().table(tableOid), source, index);
      }
    }
  }

  private void addComments(TableDescriptor table) {
    Map<Integer, Descriptor> added = new LinkedHashMap<>();
    for (Column column : source.liveColumns()) {
      copyComment(
          added,
          Kind.TABLE.classOid(),
          source.oid(),
          column.number(),
          table.oid(),
          table.column(column.name()).number());
    }
    for (CheckConstraint check : source.checks()) {
      for (CheckConstraint own : table.checks()) {
        if (own.name().equals(check.name())) {
          copyComment(added, CommentCommands.CONSTRAINTS, check.oid(), 0, own.oid(), 0);
        }
      }
    }
    if (!added.isEmpty()) {
      cx.change(added);
    }
  }

  private void copyComment(
      Map<Integer, Descriptor> added, int classOid, int from, int column, int to, int toColumn) {
    CommentDescriptor known =
        cx.catalog().annotation(CommentDescriptor.class, cx.databaseOid(), classOid, from, column);
    if (known != null) {
      int oid = cx.newOid();
      added.put(
          oid, new CommentDescriptor(oid, cx.databaseOid(), classOid, to, toColumn, known.text()));
    }
  }
}
