package io.trencadis.cli.compat;

import java.util.Map;

/// The page `docs/compatibility.md`.
///
/// @param counts agreed and total by file
/// @param families the same by family
/// @param all the same of all
record ScorePage(
    CountedFiles files, Map<String, int[]> counts, Map<String, int[]> families, int[] all) {
  String text() {
    StringBuilder page = new StringBuilder();
    page.append("# Compatibility, statement by statement\n\n")
        .append(
            "Written by `RegressionScore` (its documentation says how to run it), not by hand.\n")
        .append(
            "PostgreSQL 15's own regression tests run at a PostgreSQL 15 and here. A statement\n")
        .append(
            "agrees when column names, type OIDs, rows, command tag, SQLSTATE and error text are\n")
        .append("the same; rows count in order where the statement has ORDER BY. Statements that\n")
        .append(
            "build on a refused one (a table that could not be made) count as differing, too.\n")
        .append(
            "EXPLAIN and psql's own commands are not counted; both servers run at READ COMMITTED.\n\n")
        .append("**")
        .append(share(all))
        .append("**\n\n| family | agreed | of | |\n| --- | --: | --: | --: |\n");
    families.forEach((family, count) -> row(page, family, count));
    page.append("\n## By file\n\n| file | agreed | of | |\n| --- | --: | --: | --: |\n");
    files
        .names()
        .forEach(file -> row(page, "`" + file + "`", counts.getOrDefault(file, new int[2])));
    page.append("\n## Not counted\n\n| file | why |\n| --- | --- |\n");
    files.reasons().forEach((file, why) -> page.append("| `" + file + "` | " + why + " |\n"));
    return page.toString();
  }

  private static String share(int[] count) {
    return count[0] + " of " + count[1] + " statements agree: " + percent(count);
  }

  private static String percent(int[] count) {
    return count[1] == 0 ? "" : Math.round(1000.0 * count[0] / count[1]) / 10.0 + " %";
  }

  private static void row(StringBuilder page, String name, int[] count) {
    page.append(
        "| " + name + " | " + count[0] + " | " + count[1] + " | " + percent(count) + " |\n");
  }
}
