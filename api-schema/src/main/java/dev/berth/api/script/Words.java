package dev.berth.api.script;

import java.util.Map;

/// Puts the values of ARG and ENV into a script's words: `$v ${v} ${v:-w} ${v-w} ${v:+w} ${v+w}
/// ${v:?e} ${v?e} ${v#p} ${v##p} ${v%p} ${v%%p} ${v/p/r} ${v//p/r}`, nested too. Single quotes keep
/// a `$` as it is; quotes go away.
public final class Words {
  private Words() {}

  /// An unknown variable is empty.
  ///
  /// @throws IllegalArgumentException where a form is not known or `${v:?e}` has no value; its
  ///   message says so
  public static String expand(String text, Map<String, String> values, char escape) {
    try {
      return new Expansion(text, values::get, escape).all();
    } catch (BadInstruction e) {
      throw new IllegalArgumentException(e.said(), e);
    }
  }

  public static String expand(String text, Map<String, String> values) {
    return expand(text, values, '\\');
  }

  /// The same without taking quotes away, for the text of a here-document.
  public static String expandDocument(String text, Map<String, String> values, char escape) {
    try {
      return new Expansion(text, values::get, escape).document();
    } catch (BadInstruction e) {
      throw new IllegalArgumentException(e.said(), e);
    }
  }

  /// Throws where a form is not known, whatever the values will be.
  static void check(Word word, char escape) {
    try {
      new Expansion(word.text(), _ -> "x", escape).all();
    } catch (BadInstruction e) {
      throw new BadInstruction(word.offset() + e.offset(), e.said());
    }
  }
}
