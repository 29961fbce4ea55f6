package io.trencadis.sharding.local;

import io.trencadis.storage.disk.Disk;
import io.trencadis.storage.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;

/// What a backup consists of: a text file that is written and made durable last, so that a backup
/// without one is not complete. Line by line in `docs/storage-format.md`.
///
/// @param timestamp every commit at or below it is in the backup
/// @param logEnd the position at which the backup's log ends
/// @param dataFormat the format of the data directory that was copied
/// @param shards how many shards it has
record BackupManifest(
    long timestamp, long logEnd, int dataFormat, int shards, List<Entry> entries) {
  /// What this version writes, and the newest that it reads.
  static final int FORMAT = 1;

  static final String FILE = "manifest";

  /// Where the files are in the backup. A server takes a directory with this name in it for
  /// somebody else's, and does not start in a backup.
  static final String DATA = "data";

  private static final String CHECKSUM = "checksum = ";

  /// One file.
  ///
  /// @param name relative to the data directory, with `/`
  /// @param bytes how many the backup has of it
  /// @param length bytes of the restored file: what the backup has, then zeros
  /// @param checksum CRC32C of what the backup has
  record Entry(String name, long bytes, long length, int checksum) {}

  BackupManifest {
    entries = List.copyOf(entries);
  }

  long bytes() {
    return entries.stream().mapToLong(Entry::bytes).sum();
  }

  private String encode() {
    StringBuilder text = new StringBuilder();
    text.append("# A Trencadis backup. Restore it: trencadis restore --from ... --data ...\n");
    text.append("format = ").append(FORMAT).append('\n');
    text.append("timestamp = ").append(timestamp).append('\n');
    text.append("log-end = ").append(logEnd).append('\n');
    text.append("data-format = ").append(dataFormat).append('\n');
    text.append("shards = ").append(shards).append('\n');
    for (Entry entry : entries) {
      text.append("file = ").append(entry.bytes).append(' ').append(entry.length).append(' ');
      text.append(HexFormat.of().toHexDigits(entry.checksum));
      text.append(' ').append(entry.name).append('\n');
    }
    return text + CHECKSUM + checksum(text.toString()) + "\n";
  }

  private static String checksum(String text) {
    CRC32C crc = new CRC32C();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }

  /// Writes the manifest, whole or not at all, and makes it and its name durable.
  void write(Disk disk, Path backup) throws IOException {
    Path fresh = backup.resolve(FILE + ".new");
    try (DiskFile made = disk.create(fresh)) {
      made.write(ByteBuffer.wrap(encode().getBytes(StandardCharsets.UTF_8)), 0);
      made.force();
    }
    disk.rename(fresh, backup.resolve(FILE));
    disk.syncDirectory(backup);
  }

  /// @throws DirectoryException in one line why this is no backup that can be restored
  static BackupManifest read(Disk disk, Path backup) throws IOException {
    Path file = backup.resolve(FILE);
    if (!disk.exists(file)) {
      throw new DirectoryException(
          disk.exists(backup.resolve(DATA))
              ? backup + " is a backup that was never completed: it has no manifest. Make a new one"
              : backup + " is no backup: it has no manifest");
    }
    String text;
    try (DiskFile opened = disk.open(file)) {
      ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(opened.size(), 1 << 30));
      opened.read(bytes, 0);
      text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
    }
    try {
      return decode(text, backup);
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      throw damaged(file);
    }
  }

  private static DirectoryException damaged(Path file) {
    return new DirectoryException(file + " is damaged: use another backup");
  }

  private static BackupManifest decode(String text, Path backup) throws IOException {
    int end = text.lastIndexOf(CHECKSUM);
    if (end < 0
        || !text.endsWith("\n")
        || !text.substring(end + CHECKSUM.length())
            .strip()
            .equals(checksum(text.substring(0, end)))) {
      throw damaged(backup.resolve(FILE));
    }
    long[] numbers = new long[5];
    List<String> names = List.of("format", "timestamp", "log-end", "data-format", "shards");
    List<Entry> entries = new ArrayList<>();
    for (String line : text.substring(0, end).split("\n")) {
      int equals = line.indexOf(" = ");
      if (line.startsWith("#") || equals < 0) {
        continue;
      }
      String name = line.substring(0, equals);
      String value = line.substring(equals + 3);
      if (name.equals("file")) {
        String[] parts = value.split(" ", 4);
        int checksum = HexFormat.fromHexDigits(parts[2]);
        entries.add(
            new Entry(parts[3], Long.parseLong(parts[0]), Long.parseLong(parts[1]), checksum));
      } else if (names.contains(name)) {
        numbers[names.indexOf(name)] = Long.parseLong(value);
      }
    }
    if (numbers[0] > FORMAT || numbers[3] > DataDirectory.FORMAT) {
      throw new DirectoryException(
          backup + " was made by a newer version: restore it with that version");
    }
    return new BackupManifest(numbers[1], numbers[2], (int) numbers[3], (int) numbers[4], entries);
  }
}
