package io.trencadis.sql.session;

import io.trencadis.sql.encoding.Encoding;
import io.trencadis.sql.session.settings.SessionSettings;
import io.trencadis.sql.session.settings.SettingsRegistry;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/// What a client is told of its session's settings (ParameterStatus), the encoding it is to speak
/// among them. Not thread-safe.
final class ReportedSettings {
  private final SessionSettings settings;

  /// Those that changed while nothing could be sent, as when a failed transaction was rolled back.
  private final Set<String> untold = new LinkedHashSet<>();

  private Encoding encoding = Encoding.UTF8;

  ReportedSettings(SessionSettings settings) {
    this.settings = settings;
  }

  /// The encoding of what the client sends and gets.
  Encoding encoding() {
    return encoding;
  }

  /// A setting has a new value.
  ///
  /// @param sink tells the client, or null where that has to wait
  void changed(String name, String value, ResponseSink sink) {
    if (!SettingsRegistry.REPORTED.contains(name)) {
      return;
    }
    if (name.equals("client_encoding")) {
      encoding = Encoding.named(value);
    }
    if (sink != null) {
      sink.parameterStatus(name, value);
    } else {
      untold.add(name);
    }
  }

  /// Tells the client what had to wait.
  void catchUp(ResponseSink sink) {
    if (!untold.isEmpty()) {
      untold.forEach(name -> sink.parameterStatus(name, settings.get(name)));
      untold.clear();
    }
  }

  /// All of them, for a client that has been told none.
  Map<String, String> all() {
    Map<String, String> values = new LinkedHashMap<>();
    for (String name : SettingsRegistry.REPORTED) {
      values.put(name, settings.get(name));
    }
    encoding = Encoding.named(values.get("client_encoding"));
    untold.clear();
    return values;
  }
}
