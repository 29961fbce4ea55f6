package io.trencadis.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/// What a command of the program said.
public record CommandRun(int exitCode, String out, String err) {
  /// Runs a command in this process.
  public static CommandRun of(Object... arguments) {
    String[] words = new String[arguments.length];
    for (int i = 0; i < words.length; i++) {
      words[i] = arguments[i].toString();
    }
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode =
        Main.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(words);
    return new CommandRun(exitCode, out.toString(), err.toString());
  }
}
