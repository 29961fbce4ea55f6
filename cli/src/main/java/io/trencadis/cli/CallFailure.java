package io.trencadis.cli;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;

/// Why a command that asks a server got no answer, in one line, and what it exits with.
record CallFailure(String message, int exitCode) {
  /// @param host as it was given
  /// @param advice what to do where no server answers
  /// @param lost what a connection that ends means, after a colon; or empty
  static CallFailure of(IOException why, String host, int port, String advice, String lost) {
    String server = host + ":" + port;
    return switch (why) {
      case UnknownHostException _ ->
          new CallFailure("there is no machine \"" + host + "\"", StartException.USAGE);
      case ConnectException _ ->
          failure("no server answers at " + server + ". Start it, or give " + advice + ".");
      case PlainClient.ServerError said -> failure(said.getMessage());
      case EOFException _ -> failure("the server at " + server + " closed the connection" + lost);
      default -> failure("the server at " + server + ": " + why.getMessage());
    };
  }

  private static CallFailure failure(String message) {
    return new CallFailure(message, StartException.FAILURE);
  }
}
