package io.trencadis.sql.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.execute.TemporaryFiles;
import io.trencadis.storage.disk.Disk;
import io.trencadis.storage.disk.DiskFile;
import io.trencadis.storage.disk.RealDisk;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Queries whose state is many times `work_mem`.
class SpillTest {
  /// 6,000 rows of 300 bytes and more: 28 times 64 kB.
  private static final int ROWS = 6_000;

  @TempDir private Path directory;

  private final LocalSqlEngine engine = SqlScript.engine();
  private TemporaryFiles files;
  private SqlScript ann;

  /// Told of each write to a temporary file.
  private Runnable onWrite = () -> {};

  @BeforeEach
  void tables() throws IOException {
    Files.createFile(directory.resolve("left by a process that was killed"));
    files = TemporaryFiles.in(new Watched(), directory);
    assertEquals(0, left());
    engine.temporaryFiles(files);
    ann = new SqlScript(engine);
    ann.run("CREATE TABLE t (id int PRIMARY KEY, g int, n numeric, s text, d date)");
    ann.run(
        "INSERT INTO t SELECT i, i % 2003, i / 7.0, repeat('x', 280) || (i * 7919 % 6011),"
            + " CASE WHEN i % 5 > 0 THEN DATE '2020-01-01' + i % 400 END"
            + " FROM generate_series(1, "
            + ROWS
            + ") i");
    ann.run("CREATE TABLE u AS SELECT id + 3000 AS id, g + 1000 AS g, s, d FROM t");
    ann.run("ANALYZE");
    ann.run("SET max_parallel_workers_per_gather = 0");
  }

  private long left() throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.count();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM t ORDER BY s, id",
        "SELECT * FROM t ORDER BY d DESC NULLS LAST, n",
        "SELECT s, count(*), sum(n), max(d) FROM t GROUP BY s",
        "SELECT DISTINCT s, d FROM t",
        "SELECT s FROM t UNION SELECT s FROM u",
        "SELECT count(DISTINCT s), count(DISTINCT d), sum(DISTINCT id) FROM t",
        "SELECT g % 3, count(DISTINCT s), min(s) FROM t GROUP BY 1",
        "SELECT g % 2, md5(string_agg(s, ',' ORDER BY s, id)), count(*) FROM t GROUP BY 1",
        "SELECT t.id, u.id, t.s FROM t JOIN u ON t.s = u.s",
        "SELECT t.id, u.id FROM t LEFT JOIN u ON t.s = u.s AND t.d = u.d AND u.id % 2 = 0",
        "SELECT t.id, u.s FROM t RIGHT JOIN u ON t.s = u.s AND t.d = u.d",
        "SELECT t.s, u.s, t.id, u.id FROM t FULL JOIN u ON t.d = u.d AND t.s = u.s",
        "SELECT id FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.s = t.s AND u.d = t.d)",
        "SELECT id FROM t WHERE NOT EXISTS (SELECT 1 FROM u WHERE u.s = t.s AND u.d = t.d)",
        "SELECT count(*), count(u.s) FROM t LEFT JOIN u ON t.id = u.id + length(u.s) - length(t.s)"
            + " WHERE t.g < 10",
        "SELECT s, d FROM t INTERSECT SELECT s, d FROM u WHERE id < 5000",
        "SELECT s, g % 2 FROM t INTERSECT ALL SELECT s, 1 FROM u",
        "SELECT s FROM t EXCEPT SELECT s FROM u WHERE id % 3 = 0",
        "SELECT s FROM t EXCEPT ALL SELECT s FROM u WHERE id % 3 = 0",
        "SELECT id, row_number() OVER (ORDER BY s, id), lag(s) OVER (ORDER BY id) FROM t",
        "SELECT id, sum(n) OVER (PARTITION BY g % 4 ORDER BY s, id ROWS 3 PRECEDING),"
            + " rank() OVER (ORDER BY d), ntile(7) OVER (ORDER BY id DESC) FROM t",
        "SELECT s, id FROM t ORDER BY s FETCH FIRST 3000 ROWS WITH TIES"
      })
  void itGivesTheSameRowsWithLittleMemory(String sql) throws IOException {
    ann.run("SET work_mem = '1GB'");
    List<String> whole = sorted(ann.run(sql));
    assertFalse(whole.getFirst().startsWith("ERROR"), whole.getFirst());
    assertEquals(0, files.files());
    ann.run("SET work_mem = '64kB'");
    ann.run("SET hash_mem_multiplier = 1");
    assertEquals(whole, sorted(ann.run(sql)));
    assertTrue(files.files() > 0, "nothing was put aside");
    assertEquals(0, left());
  }

  private static List<String> sorted(List<String> lines) {
    return lines.stream().sorted().toList();
  }

  @Test
  void sortedRowsKeepTheirOrder() {
    String sql = "SELECT g % 10, id FROM t ORDER BY g % 10";
    ann.run("SET work_mem = '1GB'");
    List<String> whole = ann.run(sql);
    ann.run("SET work_mem = '64kB'");
    assertEquals(whole, ann.run(sql));
    assertTrue(files.files() > 0);
  }

  @Test
  void rowsThatAreLockedKeepTheirPlaces() throws IOException {
    ann.run("SET work_mem = '64kB'");
    List<String> rows = ann.run("SELECT id FROM t WHERE id > 1000 ORDER BY s, id FOR UPDATE");
    assertEquals(5_000, rows.size());
    assertTrue(files.files() > 0);
    assertEquals(
        List.of("UPDATE 3000"),
        ann.run("UPDATE t SET n = 0 FROM u WHERE u.s = t.s AND t.id > 3000"));
    assertEquals(List.of("3000"), ann.run("SELECT count(*) FROM t WHERE n = 0"));
    assertEquals(0, left());
  }

  @Test
  void explainTellsWhatWasPutAside() {
    ann.run("SET work_mem = '64kB'");
    String sort = plan("SELECT * FROM t ORDER BY s");
    Matcher disk = Pattern.compile("Sort Method: external merge {2}Disk: (\\d+)kB").matcher(sort);
    assertTrue(disk.find(), sort);
    assertTrue(Integer.parseInt(disk.group(1)) > 1_280, sort);
    String groups = plan("SELECT s, count(*) FROM t GROUP BY s");
    assertTrue(
        Pattern.compile("Batches: [1-9]\\d+ {2}Memory Usage: \\d{3}kB {2}Disk Usage: \\d{4}kB")
            .matcher(groups)
            .find(),
        groups);
    String join = plan("SELECT * FROM t JOIN u ON t.s = u.s");
    assertTrue(
        Pattern.compile("Buckets: \\d+ {2}Batches: [1-9]\\d* {2}Memory Usage: \\d+kB")
            .matcher(join)
            .find(),
        join);
    ann.run("SET work_mem = '1GB'");
    assertTrue(
        plan("SELECT * FROM t ORDER BY s").contains("Sort Method: quicksort  Memory: "),
        plan("SELECT * FROM t ORDER BY s"));
    assertTrue(
        plan("SELECT * FROM t ORDER BY s LIMIT 3")
            .contains("Sort Method: top-N heapsort  Memory:"));
    assertTrue(plan("SELECT s, count(*) FROM t GROUP BY s").contains("Batches: 1  Memory Usage: "));
  }

  private String plan(String sql) {
    return String.join("\n", ann.run("EXPLAIN (ANALYZE, COSTS off, TIMING off) " + sql));
  }

  @Test
  void nothingIsLeftOfAQueryThatFails() throws IOException {
    ann.run("SET work_mem = '64kB'");
    String failing = "SELECT 1 / (row_number() OVER (ORDER BY s) - 5990) FROM t";
    assertEquals("ERROR 22012: division by zero", ann.run(failing).getLast());
    assertTrue(files.files() > 0);
    assertEquals(0, left());
    ann.run("BEGIN");
    ann.run("SAVEPOINT before");
    assertEquals("ERROR 22012: division by zero", ann.run(failing).getLast());
    ann.run("ROLLBACK TO before");
    assertEquals(List.of("1"), ann.run("SELECT 1"));
    ann.run("COMMIT");
    assertEquals(0, left());
  }

  @Test
  void nothingIsLeftOfAQueryThatIsCancelled() throws IOException {
    ann.run("SET work_mem = '64kB'");
    for (String sql :
        new String[] {
          "SELECT * FROM t ORDER BY s",
          "SELECT count(*) FROM (SELECT s FROM t GROUP BY s) x",
          "SELECT count(*) FROM t JOIN u ON t.s = u.s",
          "SELECT s FROM t EXCEPT SELECT s FROM u"
        }) {
      long before = files.files();
      onWrite =
          () ->
              ann.session()
                  .cancel(
                      new SqlException(
                          SqlState.QUERY_CANCELED, "canceling statement due to user request"));
      assertEquals(
          List.of("ERROR 57014: canceling statement due to user request"), ann.run(sql), sql);
      onWrite = () -> {};
      assertTrue(files.files() > before);
      assertEquals(0, left(), sql);
    }
    assertEquals(List.of("6000"), ann.run("SELECT count(*) FROM (SELECT s FROM t ORDER BY s) x"));
  }

  @Test
  void aCursorsFilesGoWithIt() throws IOException {
    ann.run("SET work_mem = '64kB'");
    ann.run("BEGIN");
    ann.run("DECLARE c CURSOR FOR SELECT id FROM t ORDER BY s, id");
    ann.run("DECLARE held CURSOR WITH HOLD FOR SELECT id FROM t ORDER BY s DESC, id");
    assertEquals(2, ann.run("FETCH 2 FROM c").size());
    assertTrue(left() > 0);
    ann.run("COMMIT");
    assertEquals(0, left());
    assertEquals(ROWS, ann.run("FETCH ALL FROM held").size());
  }

  @Test
  void temporaryFilesHaveALimit() throws IOException {
    ann.run("SET work_mem = '64kB'");
    ann.run("SET temp_file_limit = '500kB'");
    assertEquals(
        List.of("ERROR 53400: temporary file size exceeds temp_file_limit (500kB)"),
        ann.run("SELECT * FROM t ORDER BY s"));
    assertEquals(0, left());
    ann.run("SET temp_file_limit = -1");
    assertEquals(ROWS, ann.run("SELECT * FROM t ORDER BY s").size());
  }

  /// The real disk, watched.
  private final class Watched implements Disk {
    private final Disk disk = new RealDisk();

    @Override
    public DiskFile open(Path file) throws IOException {
      return disk.open(file);
    }

    @Override
    public DiskFile create(Path file) throws IOException {
      DiskFile made = disk.create(file);
      return new DiskFile() {
        @Override
        public int read(ByteBuffer into, long offset) throws IOException {
          return made.read(into, offset);
        }

        @Override
        public void write(ByteBuffer from, long offset) throws IOException {
          onWrite.run();
          made.write(from, offset);
        }

        @Override
        public void force() throws IOException {
          made.force();
        }

        @Override
        public void preallocate(long offset, long bytes) throws IOException {
          made.preallocate(offset, bytes);
        }

        @Override
        public long size() throws IOException {
          return made.size();
        }

        @Override
        public void close() throws IOException {
          made.close();
        }
      };
    }

    @Override
    public void createDirectories(Path path) throws IOException {
      disk.createDirectories(path);
    }

    @Override
    public List<Path> list(Path path) throws IOException {
      return disk.list(path);
    }

    @Override
    public boolean exists(Path file) throws IOException {
      return disk.exists(file);
    }

    @Override
    public void delete(Path file) throws IOException {
      disk.delete(file);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
      disk.rename(from, to);
    }

    @Override
    public void syncDirectory(Path path) throws IOException {
      disk.syncDirectory(path);
    }

    @Override
    public Closeable lock(Path file) throws IOException {
      return disk.lock(file);
    }
  }
}
