package dev.berth.api.script;

import java.util.ArrayList;
import java.util.List;

/// One instruction's text with its continuations joined, which still knows where every character
/// came from.
final class LogicalLine {
  private record Piece(int offset, int line, int column) {}

  private final StringBuilder text = new StringBuilder();
  private final List<Piece> pieces = new ArrayList<>();

  /// @param line from 1
  /// @param column of the first character, from 1
  void append(String part, int line, int column) {
    pieces.add(new Piece(text.length(), line, column));
    text.append(part);
  }

  boolean isEmpty() {
    return pieces.isEmpty();
  }

  String text() {
    return text.toString();
  }

  int firstLine() {
    return pieces.getFirst().line();
  }

  Problem problem(Source source, int offset, String message) {
    Piece piece = pieceOf(offset);
    return source.problem(piece.line(), piece.column() + offset - piece.offset(), message);
  }

  private Piece pieceOf(int offset) {
    int low = 0;
    int high = pieces.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (pieces.get(middle).offset() <= offset) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return pieces.get(low);
  }
}
