package io.trencadis.sql.session;

import io.trencadis.sql.ast.Statement;
import java.util.Locale;

/// What statements are called in messages and tags.
final class CommandNames {
  private CommandNames() {}

  static String of(Statement statement) {
    return switch (statement) {
      case Statement.DropSignature drop -> "DROP " + drop.kind();
      case Statement.Drop drop -> "DROP " + drop.kind().words();
      case Statement.AlterTable alter -> "ALTER " + alter.kind().words();
      case Statement.CreateRoutine create ->
          create.procedure() ? "CREATE PROCEDURE" : "CREATE FUNCTION";
      case Statement.RenameTrigger _ -> "ALTER TRIGGER";
      case Statement.AlterRoutine alter -> "ALTER " + alter.kind().words();
      case Statement.Truncate _ -> "TRUNCATE TABLE";
      case Statement.CreateEnum _, Statement.CreateCompositeType _ -> "CREATE TYPE";
      case Statement.AlterEnumAddValue _, Statement.AlterEnumRenameValue _ -> "ALTER TYPE";
      default -> words(statement.getClass().getSimpleName());
    };
  }

  /// `CreateTable` as `CREATE TABLE`.
  private static String words(String name) {
    return name.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toUpperCase(Locale.ROOT);
  }
}
