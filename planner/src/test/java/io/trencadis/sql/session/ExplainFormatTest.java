package io.trencadis.sql.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.sql.types.Json;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

/// EXPLAIN in the formats that programs read, over stored tables. What is the same as PostgreSQL's
/// to the letter is in `explain_formats.sql`.
class ExplainFormatTest {
  private static final String JOIN =
      "select a.b, count(*) from a join c on a.b = c.x where a.b in (1, 2) group by a.b"
          + " order by 2 limit 3";

  private SqlScript script;

  @BeforeEach
  void fill() {
    script = new SqlScript(SqlScript.engine());
    script.run("create table a (id int primary key, b int, t text)");
    script.run("create table c (id int primary key, x int)");
    script.run("insert into a select g, g % 10, 'x' from generate_series(1, 200) g");
    script.run("insert into c select g, g from generate_series(1, 50) g");
  }

  private String explain(String options, String statement) {
    List<String> answer = script.run("explain (" + options + ") " + statement);
    assertEquals(1, answer.size(), () -> answer.toString());
    return answer.getFirst();
  }

  private Map<String, Json> query(String options, String statement) {
    Json.Arr all = (Json.Arr) Json.parse(explain(options + ", format json", statement));
    return ((Json.Obj) all.items().getFirst()).members();
  }

  private static Json find(Json plan, String nodeType) {
    Map<String, Json> members = ((Json.Obj) plan).members();
    if (members.get("Node Type").equals(new Json.Str(nodeType))) {
      return plan;
    }
    if (members.get("Plans") instanceof Json.Arr plans) {
      for (Json below : plans.items()) {
        Json found = find(below, nodeType);
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  private static String text(Json plan, String key) {
    Json value = ((Json.Obj) plan).members().get(key);
    return value == null ? null : value instanceof Json.Str string ? string.value() : value.text();
  }

  @Test
  void everyNodeHasWhatViewersReadOfIt() {
    Map<String, Json> query = query("analyze", JOIN);
    assertEquals(
        Set.of("Plan", "Planning Time", "Triggers", "Execution Time"), Set.copyOf(query.keySet()));
    Json plan = query.get("Plan");
    assertEquals("Limit", text(plan, "Node Type"));
    for (String type : List.of("Limit", "Sort", "Aggregate", "Hash Join", "Seq Scan")) {
      Json node = find(plan, type);
      assertTrue(node != null, () -> "no " + type + " in " + plan.text());
      Set<String> missing =
          new TreeSet<>(
              Set.of(
                  "Startup Cost",
                  "Total Cost",
                  "Plan Rows",
                  "Plan Width",
                  "Actual Startup Time",
                  "Actual Total Time",
                  "Actual Rows",
                  "Actual Loops"));
      missing.removeAll(((Json.Obj) node).members().keySet());
      assertEquals(Set.of(), missing, type);
    }
  }

  @Test
  void countsAreThoseOfTheRun() {
    Json plan = query("analyze", JOIN).get("Plan");
    assertEquals("2", text(find(plan, "Limit"), "Actual Rows"));
    assertEquals("40", text(find(plan, "Hash Join"), "Actual Rows"));
    assertEquals("Inner", text(find(plan, "Hash Join"), "Join Type"));
    assertEquals("Hashed", text(find(plan, "Aggregate"), "Strategy"));
    Json filtered = query("analyze", "select * from a where t <> 'x' or b = 3").get("Plan");
    assertEquals("20", text(filtered, "Actual Rows"));
    assertEquals("180", text(filtered, "Rows Removed by Filter"));
  }

  @Test
  void scansNameTheirTableIndexAndShards() {
    Json plan = query("verbose", "select * from a where id = 5").get("Plan");
    assertEquals("Index Scan", text(plan, "Node Type"));
    assertEquals("a_pkey", text(plan, "Index Name"));
    assertEquals("a", text(plan, "Relation Name"));
    assertEquals("public", text(plan, "Schema"));
    assertEquals("(id = 5)", text(plan, "Index Cond"));
    assertTrue(text(plan, "Shards").startsWith("1 of 4"), plan.text());
    Json change = query("costs off", "update a set b = 1 where id = 5").get("Plan");
    assertEquals("ModifyTable", text(change, "Node Type"));
    assertEquals("Update", text(change, "Operation"));
    assertFalse(((Json.Obj) change).members().containsKey("Plan Rows"));
    assertEquals("1", script.run("select count(*) from a where b = 5 and id = 5").getFirst());
  }

  @Test
  void scansOfAnIndexAloneAreNamedAsSuch() {
    script.run("create index a_b on a (b)");
    String only = explain("costs off, format json", "select id from a order by b limit 1");
    assertTrue(only.contains("\"Node Type\": \"Index Only Scan\""), only);
    assertTrue(only.contains("\"Scan Direction\": \"Forward\""), only);
    String rows = explain("costs off, format json", "select t from a order by b desc limit 1");
    assertTrue(rows.contains("\"Node Type\": \"Index Scan\""), rows);
    assertTrue(rows.contains("\"Scan Direction\": \"Backward\""), rows);
  }

  @Test
  void xmlIsWellFormed() throws Exception {
    String xml = explain("analyze, format xml", "select * from a where t <> 'a<&>\"' and b < 3");
    Document document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
    assertEquals("explain", document.getDocumentElement().getTagName());
    assertEquals("a", document.getElementsByTagName("Relation-Name").item(0).getTextContent());
    assertTrue(
        document.getElementsByTagName("Filter").item(0).getTextContent().contains("'a<&>\"'"));
    assertEquals(1, document.getElementsByTagName("Execution-Time").getLength());
  }

  @Test
  void yamlNestsByTwoBlanks() {
    String yaml = explain("format yaml, costs off", JOIN);
    assertTrue(yaml.startsWith("- Plan: \n    Node Type: \"Limit\"\n"), yaml);
    assertTrue(yaml.contains("\n    Plans: \n      - Node Type: \"Sort\"\n"), yaml);
    assertTrue(yaml.contains("\n        Parent Relationship: \"Outer\"\n"), yaml);
  }

  @Test
  void theTextFormatNamesTheSchemaWhereItIsVerbose() {
    List<String> lines = script.run("explain (verbose, costs off) select * from a");
    assertEquals("Seq Scan on public.a", lines.getFirst());
    assertEquals("Seq Scan on a", script.run("explain (costs off) select * from a").getFirst());
  }
}
