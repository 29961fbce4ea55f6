package io.trencadis.sql.parser;

import static io.trencadis.sql.parser.Nodes.name;
import static io.trencadis.sql.parser.Nodes.names;
import static io.trencadis.sql.parser.Nodes.pos;
import static io.trencadis.sql.parser.Nodes.qname;
import static io.trencadis.sql.parser.Nodes.qnameOrNull;
import static io.trencadis.sql.parser.Nodes.text;
import static io.trencadis.sql.parser.Nodes.value;

import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.ast.TableElement.Deferral;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// CREATE and ALTER TRIGGER.
final class TriggerBuilder {
  private TriggerBuilder() {}

  static Statement create(PgParser.CreateTriggerContext c) {
    boolean constraint = c.K_CONSTRAINT() != null;
    if (constraint && c.K_REPLACE() != null) {
      throw io.trencadis.base.SqlException.notSupported("CREATE OR REPLACE CONSTRAINT TRIGGER");
    }
    List<Statement.TriggerEvent> events = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (PgParser.TriggerEventContext event : c.triggerEvent()) {
      String kind = value(event.getStart()).toUpperCase(Locale.ROOT);
      if (!seen.add(kind)) {
        throw SyntaxErrors.near("duplicate trigger events specified", (SqlToken) event.getStart());
      }
      events.add(new Statement.TriggerEvent(kind, names(event.nameList())));
    }
    List<PgParser.DeferralWordContext> words = new ArrayList<>();
    for (PgParser.ConstraintAttributeContext each : c.constraintAttribute()) {
      if (each.deferralWord() == null || !constraint) {
        throw SyntaxErrors.at(each.getStart());
      }
      words.add(each.deferralWord());
    }
    Deferral deferral = ConstraintBuilder.deferral(words);
    List<Statement.Transition> transitions = new ArrayList<>();
    for (PgParser.TransitionContext each : c.transition()) {
      transitions.add(
          new Statement.Transition(
              each.K_NEW() != null, each.K_TABLE() != null, name(each.colId()), pos(each)));
    }
    List<String> arguments = new ArrayList<>();
    for (PgParser.TriggerArgumentContext argument : c.triggerArgument()) {
      arguments.add(value(argument.getStart()));
    }
    String timing = c.K_BEFORE() != null ? "BEFORE" : c.K_AFTER() != null ? "AFTER" : "INSTEAD OF";
    return new Statement.CreateTrigger(
        c.K_REPLACE() != null,
        constraint,
        name(c.colId()),
        timing,
        List.copyOf(events),
        qname(c.qname(0)),
        qnameOrNull(c.from),
        deferral.deferrable(),
        deferral.initiallyDeferred(),
        List.copyOf(transitions),
        c.scope != null && c.scope.getType() == PgParser.K_ROW,
        c.expr() == null ? null : ExprBuilder.expr(c.expr()),
        c.expr() == null ? null : text(c.expr()),
        ExprBuilder.function(c.function),
        List.copyOf(arguments),
        pos(c));
  }

  static Statement alter(PgParser.AlterTriggerContext c) {
    if (c.K_RENAME() == null) {
      return new Statement.Unsupported("ALTER TRIGGER ... DEPENDS ON EXTENSION", pos(c));
    }
    return new Statement.RenameTrigger(
        name(c.colId(0)), qname(c.qname()), name(c.colId(1)), pos(c));
  }
}
