package io.trencadis.txn.codec;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.storage.Write;
import io.trencadis.txn.RelationRef;
import io.trencadis.txn.lock.HeldLock;
import io.trencadis.txn.lock.Wanted;
import io.trencadis.txn.message.ReadPart;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/// The parts that messages and records are made of.
final class Fields {
  private static final int NULL = -1;

  private Fields() {}

  static void bytes(ByteWriter to, byte[] bytes) {
    if (bytes == null) {
      to.putInt(NULL);
    } else {
      to.putInt(bytes.length).putBytes(bytes);
    }
  }

  static byte[] bytes(ByteReader from) {
    int length = from.getInt();
    return length == NULL ? null : from.getBytes(length);
  }

  static void text(ByteWriter to, String text) {
    bytes(to, text == null ? null : text.getBytes(StandardCharsets.UTF_8));
  }

  static String text(ByteReader from) {
    byte[] bytes = bytes(from);
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }

  static void flag(ByteWriter to, boolean flag) {
    to.putByte(flag ? 1 : 0);
  }

  static boolean flag(ByteReader from) {
    return from.getByte() != 0;
  }

  static void choice(ByteWriter to, Enum<?> value) {
    to.putByte(value.ordinal());
  }

  static <E> E choice(ByteReader from, E[] values) {
    int ordinal = from.getByte();
    if (ordinal < 0 || ordinal >= values.length) {
      throw new IllegalArgumentException("no such value: " + ordinal);
    }
    return values[ordinal];
  }

  static <T> void list(ByteWriter to, Collection<T> list, BiConsumer<ByteWriter, T> element) {
    to.putInt(list.size());
    list.forEach(each -> element.accept(to, each));
  }

  static <T> List<T> list(ByteReader from, Function<ByteReader, T> element) {
    int count = from.getInt();
    // Every element has a byte at least: a length that lies costs no memory.
    if (count < 0 || count > from.remaining()) {
      throw new IllegalArgumentException("a list of " + count);
    }
    List<T> list = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      list.add(element.apply(from));
    }
    return list;
  }

  /// The name is for messages, which the gateway writes.
  static void relation(ByteWriter to, RelationRef relation) {
    to.putInt(relation.relationId()).putLong(relation.schemaVersion());
  }

  static RelationRef relation(ByteReader from) {
    return new RelationRef(from.getInt(), from.getLong(), "");
  }

  static void write(ByteWriter to, Write write) {
    bytes(to, write.key());
    bytes(to, write.value());
  }

  static Write write(ByteReader from) {
    return Write.of(bytes(from), bytes(from));
  }

  static void lock(ByteWriter to, HeldLock lock) {
    to.putInt(lock.relationId());
    bytes(to, lock.key());
    to.putInt(lock.modes());
  }

  static HeldLock lock(ByteReader from) {
    return new HeldLock(from.getInt(), bytes(from), from.getInt());
  }

  static void wait(ByteWriter to, Wanted.Wait wait) {
    to.putLong(wait.txn()).putInt(wait.wanted().relationId());
    bytes(to, wait.wanted().key());
    to.putInt(wait.wanted().mode());
  }

  static Wanted.Wait wait(ByteReader from) {
    return new Wanted.Wait(from.getLong(), new Wanted(from.getInt(), bytes(from), from.getInt()));
  }

  /// Whole rows: without the columns that were looked at.
  static void reads(ByteWriter to, ReadPart reads) {
    to.putInt(reads.keys().length);
    for (byte[] key : reads.keys()) {
      bytes(to, key);
    }
    to.putInt(reads.froms().length);
    for (int i = 0; i < reads.froms().length; i++) {
      bytes(to, reads.froms()[i]);
      bytes(to, reads.tos()[i]);
    }
  }

  static ReadPart reads(ByteReader from) {
    byte[][] keys = list(from, Fields::bytes).toArray(byte[][]::new);
    record Range(byte[] from, byte[] to) {}
    List<Range> ranges = list(from, in -> new Range(bytes(in), bytes(in)));
    return new ReadPart(
        keys,
        ranges.stream().map(Range::from).toArray(byte[][]::new),
        ranges.stream().map(Range::to).toArray(byte[][]::new));
  }

  static void readsOfColumns(ByteWriter to, ReadPart reads) {
    reads(to, reads);
    longs(to, reads.keyColumns());
    longs(to, reads.rangeColumns());
  }

  static ReadPart readsOfColumns(ByteReader from) {
    ReadPart whole = reads(from);
    return new ReadPart(whole.keys(), longs(from), whole.froms(), whole.tos(), longs(from));
  }

  private static void longs(ByteWriter to, long[] numbers) {
    to.putInt(numbers.length);
    for (long number : numbers) {
      to.putLong(number);
    }
  }

  private static long[] longs(ByteReader from) {
    return list(from, ByteReader::getLong).stream().mapToLong(Long::longValue).toArray();
  }
}
