package io.trencadis.cli;

import io.trencadis.base.ByteWriter;
import io.trencadis.wire.Frames;
import io.trencadis.wire.MutatedBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/// What hostile clients say: conversations that use every message of the protocol, and statements
/// with pieces of others in them, whose frames are in order.
final class Conversations {
  /// A runaway among the mutated statements ends with an error.
  private static final byte[] STARTUP = startup("user\0postgres\0statement_timeout\0005000\0");

  private static final int STATEMENTS = 6;

  private final Random random;
  private final List<byte[]> streams = new ArrayList<>();
  private final List<String> corpus = new ArrayList<>();

  Conversations(Random random) throws IOException {
    this.random = random;
    Path here = Path.of("").toAbsolutePath();
    Path root = Files.exists(here.resolve("planner")) ? here : here.getParent();
    for (String file : List.of("queries", "changes")) {
      try (Stream<String> lines =
          Files.lines(root.resolve("planner/src/test/resources/sql/" + file + ".sql"))) {
        lines.filter(line -> !line.isBlank()).forEach(corpus::add);
      }
    }
    corpus.add("create table if not exists f (id int primary key, t text, n numeric, d date)");
    corpus.add("insert into f values (1, 'one', 1.5, '2026-01-01'), (2, 'two', null, null)");
    corpus.add("copy f (id, t) from stdin");
    corpus.add("copy f to stdout with (format csv, header)");
    streams.addAll(protocolStreams());
  }

  /// Each conversation as it is, which also makes the table that they are about.
  List<Attack> unmutated() {
    return streams.stream().map(Attack::stream).toList();
  }

  /// A conversation as a client would have it, mutated; mostly not in its first packet, without
  /// which there is no conversation.
  Attack stream() {
    byte[] stream = streams.get(random.nextInt(streams.size()));
    int kept = random.nextInt(4) == 0 ? 0 : Math.min(STARTUP.length, stream.length - 1);
    byte[] rest = MutatedBytes.of(Arrays.copyOfRange(stream, kept, stream.length), random);
    return Attack.stream(
        new ByteWriter().putBytes(Arrays.copyOf(stream, kept)).putBytes(rest).toByteArray());
  }

  private static byte[] startup(String parameters) {
    ByteWriter packet = new ByteWriter().putInt(0).putInt(3 << 16).putUtf8(parameters).putByte(0);
    packet.setInt(0, packet.length());
    return packet.toByteArray();
  }

  private static ByteWriter startup() {
    return new ByteWriter().putBytes(STARTUP);
  }

  private static List<byte[]> protocolStreams() {
    ByteWriter[] conversations = {
      Frames.all(
          Frames.query(
              "create table if not exists f (id int primary key, t text, n numeric, d date)"),
          Frames.query("insert into f values (1, 'one', 1.5, now()) returning *; select 2"),
          Frames.query("begin; savepoint a; select 1/0"),
          Frames.query("rollback to a; select * from f; commit"),
          Frames.query("set datestyle = 'german'; show all; reset all")),
      Frames.all(
          Frames.parse("s", "select * from f where id = $1 and t <> $2"),
          Frames.describe('S', "s"),
          bind("p", "s", new int[] {1, 0}, new byte[] {0, 0, 0, 1}, new byte[] {'x'}),
          Frames.describe('P', "p"),
          Frames.execute("p", 1),
          Frames.flush(),
          Frames.execute("p", 0),
          Frames.close('P', "p"),
          Frames.sync(),
          bind("", "s", new int[0], null, new byte[] {'y'}),
          Frames.execute("", 0),
          Frames.close('S', "s"),
          Frames.sync()),
      Frames.all(
          Frames.parse(
              "", "select $1::numeric + 1, $2::timestamptz, $3::int[], $4::interval, $5::uuid"),
          bind(
              "",
              "",
              new int[] {1, 1, 1, 1, 1},
              new byte[] {0, 2, 0, 0, 0, 0, 0, 1, 0, 1, 19, (byte) 136},
              new byte[] {0, 1, 2, 3, 4, 5, 6, 7},
              new byte[] {
                0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 23, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0, 9
              },
              new byte[] {0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 2, 0, 0, 0, 3},
              new byte[16]),
          Frames.execute("", 0),
          Frames.sync()),
      Frames.all(
          Frames.query("copy f (id, t) from stdin"),
          Frames.copyData("7\tseven\n8\t"),
          Frames.copyData("\\N\n\\.\n"),
          Frames.copyDone(),
          Frames.query("copy f to stdout with (format csv, header, force_quote *)"),
          Frames.query("copy f from stdin with (format binary)"),
          Frames.frame(
              'd',
              b ->
                  b.putUtf8("PGCOPY\n")
                      .putBytes(new byte[] {(byte) 0xff, '\r', '\n', 0})
                      .putInt(0)
                      .putInt(0)
                      .putShort(4)
                      .putInt(4)
                      .putInt(77)
                      .putInt(-1)
                      .putInt(-1)
                      .putInt(-1)
                      .putShort(-1)),
          Frames.copyDone(),
          Frames.query("copy f to stdout with (format binary)")),
      Frames.all(
          Frames.parse("", "copy f (id, t) from stdin"),
          Frames.bind("", ""),
          Frames.execute("", 0),
          Frames.copyFail("changed my mind"),
          Frames.sync(),
          Frames.query("declare c cursor with hold for select * from generate_series(1, 9)"),
          Frames.query("fetch 3 from c; move 2 in c; close c"),
          Frames.frame('F', b -> b.putInt(1).putShort(0).putShort(0).putShort(0))),
      Frames.all(Frames.password(new byte[] {'x', 0}), Frames.query("select 1")),
    };
    List<byte[]> streams = new ArrayList<>();
    for (ByteWriter conversation : conversations) {
      streams.add(Frames.all(startup(), conversation, Frames.terminate()).toByteArray());
    }
    streams.add(new ByteWriter().putInt(8).putInt(80877103).toByteArray());
    streams.add(new ByteWriter().putInt(16).putInt(80877102).putInt(1).putInt(2).toByteArray());
    return streams;
  }

  /// Bind with a format for each parameter.
  private static ByteWriter bind(
      String portal, String statement, int[] formats, byte[]... parameters) {
    return Frames.frame(
        'B',
        b -> {
          b.putUtf8(portal).putByte(0).putUtf8(statement).putByte(0).putShort(formats.length);
          for (int format : formats) {
            b.putShort(format);
          }
          b.putShort(parameters.length);
          for (byte[] parameter : parameters) {
            if (parameter == null) {
              b.putInt(-1);
            } else {
              b.putInt(parameter.length).putBytes(parameter);
            }
          }
          b.putShort(1).putShort(1);
        });
  }

  /// The statements as they are, in order, so that the mutated ones find the tables they are about.
  /// Those that drop tables are left out.
  List<Attack> scripts() {
    ByteWriter all = startup();
    int answers = 1;
    for (String sql : corpus) {
      if (!sql.startsWith("drop") && !sql.startsWith("copy")) {
        all = Frames.all(all, Frames.query(sql));
        answers++;
      }
    }
    return List.of(new Attack(Frames.all(all, Frames.terminate()).toByteArray(), answers, false));
  }

  /// A connection that sends statements which are mutated, in frames which are not.
  Attack statements() {
    ByteWriter all = Frames.all(startup());
    int answers = 1;
    for (int i = 0; i < STATEMENTS; i++) {
      String sql = mutatedStatement();
      ByteWriter frames = random.nextInt(3) == 0 ? extended(sql) : Frames.query(sql);
      all = Frames.all(all, frames);
      answers++;
    }
    // A copy takes what follows for its data, or refuses it; then nobody can count.
    String text = new String(all.toByteArray(), StandardCharsets.UTF_8);
    return new Attack(
        Frames.all(all, Frames.terminate()).toByteArray(),
        text.contains("copy") ? Attack.UNKNOWN : answers,
        false);
  }

  private ByteWriter extended(String sql) {
    String text = sql;
    List<byte[]> parameters = new ArrayList<>();
    List<Integer> formats = new ArrayList<>();
    while (random.nextBoolean() && text.matches("(?s).*[ (,][0-9]+.*")) {
      // A literal becomes a parameter.
      text = text.replaceFirst("([ (,])[0-9]+", "$1\\$" + (parameters.size() + 1));
      int format = random.nextInt(2);
      formats.add(format);
      byte[] binary = new byte[random.nextBoolean() ? 4 : 1 + random.nextInt(16)];
      binary[binary.length - 1] = 1;
      parameters.add(
          random.nextInt(8) == 0
              ? null
              : format == 1
                  ? binary
                  : Integer.toString(random.nextInt(50)).getBytes(StandardCharsets.UTF_8));
    }
    return Frames.all(
        Frames.parse("", text),
        Frames.describe('S', ""),
        bind(
            "",
            "",
            formats.stream().mapToInt(Integer::intValue).toArray(),
            parameters.toArray(byte[][]::new)),
        Frames.describe('P', ""),
        Frames.execute("", random.nextInt(3)),
        Frames.sync());
  }

  private String mutatedStatement() {
    List<String> words = new ArrayList<>(List.of(words()));
    String[] others = words();
    for (int i = random.nextInt(3); i > 0 && !words.isEmpty(); i--) {
      int at = random.nextInt(words.size());
      switch (random.nextInt(4)) {
        case 0 -> words.set(at, others[random.nextInt(others.length)]);
        case 1 -> words.add(at, others[random.nextInt(others.length)]);
        case 2 -> words.add(at, words.get(random.nextInt(words.size())));
        default -> words.remove(at);
      }
    }
    return String.join("", words);
  }

  private String[] words() {
    return corpus.get(random.nextInt(corpus.size())).split("(?<=[ ,()])");
  }
}
