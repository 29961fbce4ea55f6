package io.trencadis.cli;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.session.settings.ConfigurationFile;
import io.trencadis.sql.session.settings.FileSetting;
import io.trencadis.sql.session.settings.HostRuleInfo;
import io.trencadis.sql.session.settings.ServerConfiguration;
import io.trencadis.sql.session.settings.SettingsRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The files of settings: the one that `--config` names, the data directory's own, which ALTER
/// SYSTEM writes and which counts more, and the host rules. The command line counts more than all.
final class ConfigurationFiles implements ServerConfiguration {
  /// In the data directory.
  static final String KEPT = "trencadis.auto.conf";

  private static final Logger log = LoggerFactory.getLogger(ConfigurationFiles.class);

  private static final String HEAD =
      "# Written by ALTER SYSTEM. Do not edit: it is replaced as a whole.\n";

  private final Path main;
  private final Path kept;
  private final SettingsRegistry registry;
  private volatile HostRulesFile hostRules;
  private volatile Runnable afterReload = () -> {};

  /// Reads the files and gives the registry what they say.
  ///
  /// @param main null for none
  /// @throws StartException naming the first line that is wrong
  ConfigurationFiles(Path main, Path data, SettingsRegistry registry) {
    this.main = main;
    this.kept = data.resolve(KEPT).toAbsolutePath();
    this.registry = registry;
    try {
      for (FileSetting setting : registry.load(entries(), true)) {
        if (setting.error() != null) {
          throw new StartException(
              setting.file()
                  + ", line "
                  + setting.line()
                  + (setting.name() == null ? "" : ", " + setting.name())
                  + ": "
                  + setting.error()
                  + (setting.file().equals(kept.toString())
                      ? ". Take the line out of the file, and start again."
                      : ". Correct it, and start again."));
        }
      }
    } catch (IOException e) {
      throw new StartException("the configuration file " + main + " cannot be read: " + message(e));
    }
  }

  /// The files that these settings of the command line name.
  ///
  /// @throws StartException naming the first line that is wrong
  static ConfigurationFiles of(Map<String, String> settings, Path data, SettingsRegistry registry) {
    String main = settings.get("config_file");
    return new ConfigurationFiles(main == null ? null : Path.of(main), data, registry);
  }

  /// Has something done after each reload, on the thread that asked for it.
  void afterReload(Runnable action) {
    afterReload = action;
  }

  private static String message(IOException e) {
    return e instanceof NoSuchFileException ? "there is no such file" : e.getMessage();
  }

  /// @param rules null for none
  void hostRules(HostRulesFile rules) {
    hostRules = rules;
  }

  private List<ConfigurationFile.Entry> entries() throws IOException {
    List<ConfigurationFile.Entry> all = new ArrayList<>();
    if (main != null) {
      all.addAll(ConfigurationFile.read(main));
    }
    if (Files.exists(kept)) {
      all.addAll(ConfigurationFile.read(kept));
    }
    return all;
  }

  @Override
  public synchronized boolean reload() {
    try {
      for (FileSetting setting : registry.load(entries(), false)) {
        if (setting.error() != null) {
          log.warn(
              "{}, line {}: {}{}",
              setting.file(),
              setting.line(),
              setting.name() == null ? "" : setting.name() + ": ",
              setting.error());
        }
      }
    } catch (IOException e) {
      log.warn("the settings were not reloaded: {}", e.getMessage());
    }
    HostRulesFile rules = hostRules;
    if (rules != null) {
      rules.reload();
    }
    afterReload.run();
    return true;
  }

  @Override
  public synchronized void keep(String name, String value) {
    Map<String, String> all = new LinkedHashMap<>();
    try {
      if (Files.exists(kept)) {
        for (ConfigurationFile.Entry entry : ConfigurationFile.read(kept)) {
          if (entry.error() != null) {
            throw new SqlException(
                SqlState.CONFIG_FILE_ERROR,
                "could not parse contents of file \"" + kept.getFileName() + "\"");
          }
          all.put(entry.name(), entry.value());
        }
      }
      all.keySet().removeIf(each -> each.equalsIgnoreCase(name));
      if (value != null) {
        all.put(name, value);
      }
      write(all);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  @Override
  public synchronized void keepNone() {
    try {
      write(Map.of());
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private SqlException failed(IOException e) {
    return new SqlException(
        SqlState.IO_ERROR, "could not write file \"" + kept + "\": " + e.getMessage(), e);
  }

  /// A crash leaves the old file or the new one.
  private void write(Map<String, String> all) throws IOException {
    StringBuilder text = new StringBuilder(HEAD);
    all.forEach((name, value) -> text.append(ConfigurationFile.line(name, value)).append('\n'));
    Path fresh = kept.resolveSibling(KEPT + ".tmp");
    try (FileChannel file =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        file.write(bytes);
      }
      file.force(true);
    }
    Files.move(fresh, kept, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel directory = FileChannel.open(kept.getParent(), StandardOpenOption.READ)) {
      directory.force(true);
    }
  }

  @Override
  public List<FileSetting> fileSettings() {
    try {
      return registry.preview(entries());
    } catch (IOException e) {
      return List.of(new FileSetting(main.toString(), 0, null, null, false, e.getMessage()));
    }
  }

  @Override
  public List<HostRuleInfo> hostRules() {
    HostRulesFile rules = hostRules;
    return rules == null ? List.of() : rules.list();
  }
}
