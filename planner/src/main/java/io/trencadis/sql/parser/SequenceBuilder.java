package io.trencadis.sql.parser;

import static io.trencadis.sql.parser.Nodes.pos;
import static io.trencadis.sql.parser.Nodes.qname;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.QualifiedName;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.ast.TypeName;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Sequences and their options.
final class SequenceBuilder {
  private final Set<String> seen = new HashSet<>();
  private TypeName typeName;
  private Long increment;
  private Long minValue;
  private boolean noMin;
  private Long maxValue;
  private boolean noMax;
  private Long start;
  private boolean restart;
  private Long restartWith;
  private Long cache;
  private Boolean cycle;
  private QualifiedName ownedBy;
  private boolean ownedByNone;
  private QualifiedName sequenceName;

  private SequenceBuilder() {}

  static Statement create(PgParser.CreateSequenceContext c) {
    return new Statement.CreateSequence(
        qname(c.qname()),
        c.ifNotExists() != null,
        TableBuilder.persistence(c.persistence()),
        options(c.sequenceOption()),
        pos(c));
  }

  static Statement alter(PgParser.AlterSequenceContext c) {
    return new Statement.AlterSequence(
        qname(c.qname()), c.ifExists() != null, options(c.sequenceOption()), pos(c));
  }

  static Statement.SequenceOptions options(List<PgParser.SequenceOptionContext> list) {
    SequenceBuilder builder = new SequenceBuilder();
    list.forEach(builder::add);
    return builder.build();
  }

  /// The options in ALTER COLUMN … SET …; RESTART has a rule of its own there.
  static Statement.SequenceOptions changes(List<PgParser.IdentityChangeContext> list) {
    SequenceBuilder builder = new SequenceBuilder();
    for (PgParser.IdentityChangeContext c : list) {
      if (c.sequenceOption() != null) {
        builder.add(c.sequenceOption());
      } else if (c.K_RESTART() != null) {
        builder.restart(c.number());
      }
    }
    return builder.build();
  }

  private Statement.SequenceOptions build() {
    return new Statement.SequenceOptions(
        typeName,
        increment,
        minValue,
        noMin,
        maxValue,
        noMax,
        start,
        restart,
        restartWith,
        cache,
        cycle,
        ownedBy,
        ownedByNone,
        sequenceName);
  }

  private void restart(PgParser.NumberContext number) {
    restart = true;
    restartWith = number == null ? null : longValue(number);
  }

  private void once(String option, PgParser.SequenceOptionContext c) {
    if (!seen.add(option)) {
      throw SyntaxErrors.because("conflicting or redundant options", pos(c));
    }
  }

  private void add(PgParser.SequenceOptionContext c) {
    Long value = c.number() == null ? null : longValue(c.number());
    switch (c.getStart().getType()) {
      case PgParser.K_AS -> {
        once("as", c);
        typeName = TypeBuilder.type(c.typeName());
      }
      case PgParser.K_INCREMENT -> {
        once("increment", c);
        increment = value;
      }
      case PgParser.K_MINVALUE -> {
        once("min", c);
        minValue = value;
      }
      case PgParser.K_MAXVALUE -> {
        once("max", c);
        maxValue = value;
      }
      case PgParser.K_NO -> no(c);
      case PgParser.K_START -> {
        once("start", c);
        start = value;
      }
      case PgParser.K_RESTART -> {
        once("restart", c);
        restart(c.number());
      }
      case PgParser.K_CACHE -> {
        once("cache", c);
        cache = value;
      }
      case PgParser.K_CYCLE -> {
        once("cycle", c);
        cycle = true;
      }
      case PgParser.K_OWNED -> {
        once("owned", c);
        QualifiedName owner = qname(c.qname());
        ownedByNone = owner.parts().equals(List.of("none"));
        ownedBy = ownedByNone ? null : owner;
      }
      default -> {
        once("name", c);
        sequenceName = qname(c.qname());
      }
    }
  }

  private void no(PgParser.SequenceOptionContext c) {
    if (c.K_MINVALUE() != null) {
      once("min", c);
      noMin = true;
    } else if (c.K_MAXVALUE() != null) {
      once("max", c);
      noMax = true;
    } else {
      once("cycle", c);
      cycle = false;
    }
  }

  static String text(PgParser.NumberContext c) {
    return (c.MINUS() == null ? "" : "-") + Nodes.value(c.getStop());
  }

  static long longValue(PgParser.NumberContext c) {
    String text = text(c);
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      boolean integer = text.chars().allMatch(d -> d == '-' || d >= '0' && d <= '9');
      throw integer
          ? new SqlException(
              SqlState.NUMERIC_VALUE_OUT_OF_RANGE,
              "value \"" + text + "\" is out of range for type bigint")
          : new SqlException(
              SqlState.INVALID_TEXT_REPRESENTATION,
              "invalid input syntax for type bigint: \"" + text + "\"");
    }
  }
}
