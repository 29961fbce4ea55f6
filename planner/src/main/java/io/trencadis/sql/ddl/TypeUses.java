package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.sql.catalog.CheckConstraint;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.KeyPart;
import io.trencadis.sql.catalog.PartitionBound;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.catalog.TypeDescriptor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// Where a database's other objects use a type.
final class TypeUses {
  private final DdlContext cx;

  TypeUses(DdlContext cx) {
    this.cx = cx;
  }

  /// A type's oid and its array type's.
  static Set<Integer> oids(TypeDescriptor type) {
    return new HashSet<>(List.of(type.oid(), type.arrayOid()));
  }

  /// A type that is made of `used`: a domain over it, or a composite type with a field of it.
  static boolean madeOf(TypeDescriptor type, Set<Integer> used) {
    return used.contains(type.baseOid())
        || type.fields().stream()
            .anyMatch(field -> !field.dropped() && used.contains(field.typeOid()));
  }

  /// The tables with a column of one of these types, in the order of their oids.
  List<TableDescriptor> tables(Set<Integer> types) {
    return cx.catalog().all(TableDescriptor.class, cx.databaseOid()).stream()
        .filter(
            table ->
                table.liveColumns().stream().anyMatch(column -> types.contains(column.typeOid())))
        .toList();
  }

  /// Fails if an expression that is kept as text holds the words, which a change would make mean
  /// something else.
  void requireUnmentioned(Pattern words, String change) {
    for (TableDescriptor table : cx.catalog().all(TableDescriptor.class, cx.databaseOid())) {
      for (String text : texts(table)) {
        if (words.matcher(text).find()) {
          throw SqlException.notSupported(
              change + " that an expression of \"" + table.name() + "\" names");
        }
      }
    }
    for (TypeDescriptor type : cx.catalog().all(TypeDescriptor.class, cx.databaseOid())) {
      List<String> texts = new ArrayList<>();
      type.checks().forEach(check -> texts.add(check.text()));
      if (type.defaultText() != null) {
        texts.add(type.defaultText());
      }
      if (texts.stream().anyMatch(text -> words.matcher(text).find())) {
        throw SqlException.notSupported(
            change + " that an expression of \"" + type.name() + "\" names");
      }
    }
  }

  private static List<String> texts(TableDescriptor table) {
    List<String> texts = new ArrayList<>();
    for (Column column : table.liveColumns()) {
      if (column.defaultText() != null) {
        texts.add(column.defaultText());
      }
    }
    for (CheckConstraint check : table.checks()) {
      texts.add(check.text());
    }
    for (IndexDescriptor index : table.indexes()) {
      for (KeyPart part : index.parts()) {
        if (part.expression() != null) {
          texts.add(part.expression().text());
        }
      }
      if (index.predicate() != null) {
        texts.add(index.predicate().text());
      }
    }
    if (table.viewText() != null) {
      texts.add(table.viewText());
    }
    switch (table.bound()) {
      case PartitionBound.ListOf list ->
          list.values().forEach(value -> texts.add("'" + value + "'"));
      case PartitionBound.Range range -> {
        range.lower().forEach(edge -> texts.add("'" + edge.value() + "'"));
        range.upper().forEach(edge -> texts.add("'" + edge.value() + "'"));
      }
      case null, default -> {}
    }
    return texts;
  }
}
