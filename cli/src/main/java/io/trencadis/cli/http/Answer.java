package io.trencadis.cli.http;

/// What a page says.
///
/// @param status HTTP's number
/// @param type the body's media type
public record Answer(int status, String type, String body) {
  static Answer text(int status, String line) {
    return new Answer(status, "text/plain; charset=utf-8", line + "\n");
  }
}
