package io.trencadis.sql.plpgsql;

import io.trencadis.sql.ast.TypeName;
import java.util.List;

/// A statement of PL/pgSQL. `line` is that of its first word, counted from 1 in the body's text.
sealed interface Pl {
  int line();

  /// What error contexts call it.
  String label();

  /// @param label null for none
  /// @param variables numbers of the datums it declares, which are made anew each time
  record Block(
      String name, List<Integer> variables, List<Pl> body, List<Handler> handlers, int line)
      implements Pl {
    @Override
    public String label() {
      return "statement block";
    }
  }

  /// WHEN conditions THEN body.
  ///
  /// @param conditions names in lower case, or five characters of an SQLSTATE after `=`
  /// @param state datum of SQLSTATE; likewise `message` of SQLERRM
  record Handler(List<String> conditions, List<Pl> body, int state, int message) {}

  record Assign(Target target, Sql value, int line) implements Pl {
    @Override
    public String label() {
      return "assignment";
    }
  }

  /// @param tests conditions with what is done where they hold, in order
  record If(List<Branch> tests, List<Pl> otherwise, int line) implements Pl {
    @Override
    public String label() {
      return "IF";
    }
  }

  record Branch(Sql condition, List<Pl> body) {}

  /// @param operand null for a searched CASE
  /// @param datum that the operand is kept in
  /// @param otherwise null without ELSE
  record Case(Sql operand, int datum, List<Branch> branches, List<Pl> otherwise, int line)
      implements Pl {
    @Override
    public String label() {
      return "CASE";
    }
  }

  /// LOOP and, with a condition, WHILE.
  record Loop(String name, Sql condition, List<Pl> body, int line) implements Pl {
    @Override
    public String label() {
      return condition == null ? "LOOP" : "WHILE";
    }
  }

  /// @param step null for 1
  record ForInteger(
      String name,
      int variable,
      Sql from,
      Sql to,
      Sql step,
      boolean reverse,
      List<Pl> body,
      int line)
      implements Pl {
    @Override
    public String label() {
      return "FOR with integer loop variable";
    }
  }

  /// FOR over the rows of a query.
  ///
  /// @param using null unless it is EXECUTE's
  record ForQuery(
      String name, List<Target> targets, Sql query, List<Sql> using, List<Pl> body, int line)
      implements Pl {
    @Override
    public String label() {
      return using == null ? "FOR over SELECT rows" : "FOR over EXECUTE statement";
    }
  }

  /// @param arguments of a bound cursor
  record ForCursor(
      String name, int variable, int cursor, List<Argument> arguments, List<Pl> body, int line)
      implements Pl {
    @Override
    public String label() {
      return "FOR over cursor";
    }
  }

  /// @param name null for a positional one
  record Argument(String name, Sql value) {}

  record Foreach(String name, List<Target> targets, int slice, Sql array, List<Pl> body, int line)
      implements Pl {
    @Override
    public String label() {
      return "FOREACH over array";
    }
  }

  /// EXIT and CONTINUE.
  ///
  /// @param target null for the innermost loop
  record Exit(boolean leaves, String target, Sql condition, int line) implements Pl {
    @Override
    public String label() {
      return leaves ? "EXIT" : "CONTINUE";
    }
  }

  /// @param value null where nothing was written
  record Return(Sql value, int line) implements Pl {
    @Override
    public String label() {
      return "RETURN";
    }
  }

  record ReturnNext(Sql value, int line) implements Pl {
    @Override
    public String label() {
      return "RETURN NEXT";
    }
  }

  /// @param using null unless it is EXECUTE's
  record ReturnQuery(Sql query, List<Sql> using, int line) implements Pl {
    @Override
    public String label() {
      return "RETURN QUERY";
    }
  }

  /// @param level DEBUG, LOG, INFO, NOTICE, WARNING or EXCEPTION
  /// @param condition a name or, after `=`, an SQLSTATE; null for none
  /// @param format null where none was written
  /// @param options names in lower case
  record Raise(
      String level,
      String condition,
      String format,
      List<Sql> parameters,
      List<Argument> options,
      int line)
      implements Pl {
    @Override
    public String label() {
      return "RAISE";
    }
  }

  record Assert(Sql condition, Sql message, int line) implements Pl {
    @Override
    public String label() {
      return "ASSERT";
    }
  }

  /// A statement of SQL, INTO taken out of it.
  ///
  /// @param into null without INTO
  record Execute(Sql statement, List<Target> into, boolean strict, int line) implements Pl {
    @Override
    public String label() {
      return "SQL statement";
    }
  }

  record Perform(Sql query, int line) implements Pl {
    @Override
    public String label() {
      return "PERFORM";
    }
  }

  record Call(Sql call, int line) implements Pl {
    @Override
    public String label() {
      return "CALL";
    }
  }

  record Dynamic(Sql text, List<Target> into, boolean strict, List<Sql> using, int line)
      implements Pl {
    @Override
    public String label() {
      return "EXECUTE";
    }
  }

  /// @param items of a target and what it gets, in lower case
  record Diagnostics(boolean stacked, List<Item> items, int line) implements Pl {
    @Override
    public String label() {
      return "GET " + (stacked ? "STACKED " : "") + "DIAGNOSTICS";
    }
  }

  record Item(Target target, String kind) {}

  /// @param query null for a bound cursor
  /// @param using of EXECUTE, else null
  record Open(int cursor, Sql query, List<Sql> using, List<Argument> arguments, int line)
      implements Pl {
    @Override
    public String label() {
      return "OPEN";
    }
  }

  /// FETCH and, without targets, MOVE.
  ///
  /// @param direction as FETCH of SQL spells it: `next`, `forward`, `absolute`, …
  /// @param count null for the direction's own
  record Fetch(int cursor, String direction, Sql count, List<Target> into, int line) implements Pl {
    @Override
    public String label() {
      return into == null ? "MOVE" : "FETCH";
    }
  }

  record Close(int cursor, int line) implements Pl {
    @Override
    public String label() {
      return "CLOSE";
    }
  }

  record Null(int line) implements Pl {
    @Override
    public String label() {
      return "NULL";
    }
  }

  /// COMMIT and ROLLBACK.
  record End(boolean commits, boolean chain, int line) implements Pl {
    @Override
    public String label() {
      return commits ? "COMMIT" : "ROLLBACK";
    }
  }

  // ---- what statements are made of

  /// Where a value goes: a datum, or a part of it.
  ///
  /// @param path fields and subscripts, outermost first; empty for the whole
  record Target(int datum, List<Step> path) {
    Target(int datum) {
      this(datum, List.of());
    }
  }

  /// A field, or a subscript.
  ///
  /// @param field null for a subscript
  /// @param upper the second bound of a slice, else null
  record Step(String field, Sql subscript, Sql upper, boolean slice) {}

  /// A variable, argument, record or cursor.
  ///
  /// @param type null for a record, and for one whose type an argument gives
  /// @param fallback the default, or null
  /// @param cursor the query of a bound cursor, or null
  /// @param parameters of the bound cursor: numbers of their datums
  record Datum(
      String name,
      TypeName type,
      boolean rowType,
      boolean constant,
      boolean notNull,
      Sql fallback,
      Sql cursor,
      List<Integer> parameters,
      int line) {}
}
