package dev.berth.api.codec;

/// One thing that is wrong with a manifest, where a person can find it. Lines and columns count
/// from 1.
public record Problem(String file, int line, int column, String path, String message) {

  /// `modelapp.yaml:7:5 spec.model.imgae: unknown field; did you mean "image"?`
  @Override
  public String toString() {
    String place = file + ":" + line + ":" + column + " ";
    return path.isEmpty() ? place + message : place + path + ": " + message;
  }
}
