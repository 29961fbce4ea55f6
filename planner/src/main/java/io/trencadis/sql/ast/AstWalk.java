package io.trencadis.sql.ast;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// Visits all records of a syntax tree. It looks at the components of the records themselves, so it
/// knows kinds of nodes that are added later; it is too slow for what every statement does.
public final class AstWalk {
  private AstWalk() {}

  /// Shows the node and every record below it to the visitor, each before those below it.
  ///
  /// @param node a record, a collection of records, or anything else, which is passed over
  public static void visit(Object node, Consumer<Record> visitor) {
    visitWhile(
        node,
        rec -> {
          visitor.accept(rec);
          return true;
        });
  }

  /// Shows the node and every record below it to the visitor, but for what is below those records
  /// for which the visitor says false.
  ///
  /// @param node a record, a collection of records, or anything else, which is passed over
  public static void visitWhile(Object node, Predicate<Record> visitor) {
    switch (node) {
      case Record rec -> {
        if (!visitor.test(rec)) {
          return;
        }
        for (RecordComponent component : rec.getClass().getRecordComponents()) {
          if (!component.getType().isPrimitive() && component.getType() != String.class) {
            visitWhile(value(rec, component), visitor);
          }
        }
      }
      case Collection<?> all -> all.forEach(each -> visitWhile(each, visitor));
      case null, default -> {}
    }
  }

  private static Object value(Record rec, RecordComponent component) {
    try {
      return component.getAccessor().invoke(rec);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException(e);
    }
  }
}
