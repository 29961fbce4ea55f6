package io.trencadis.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;

/// postgres.js, Knex, Sequelize, TypeORM and Drizzle, unmodified: migrations, what they read of the
/// catalog, and their queries and transactions give what a PostgreSQL 15 gave. Skipped where there
/// is no node or they cannot be fetched.
class NodeOrmsTest {
  @Test
  void applicationsGetWhatTheyGetFromPostgres() throws Exception {
    NodeProject project = NodeProject.install("node-orms");
    try (RunningServer server = RunningServer.start()) {
      assertEquals(project.resource("session.expected"), project.session(server, Map.of()));
    }
  }
}
