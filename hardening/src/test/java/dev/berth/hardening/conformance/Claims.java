package dev.berth.hardening.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.Annotation;
import java.lang.classfile.AnnotationElement;
import java.lang.classfile.AnnotationValue;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// What the compiled tests say of themselves, read from their class files: no test is loaded.
///
/// @param whole by row, the tests that together show every part of it
/// @param part by row, the tests that show something of it
record Claims(Map<String, List<Test>> whole, Map<String, List<Test>> part) {
  private static final String WHOLE = "conformance:";
  private static final String PART = "conformance-part:";

  /// @param module its directory's name
  record Test(String module, String className, String method) {
    String shown() {
      return className.substring(className.lastIndexOf('.') + 1) + "." + method;
    }
  }

  static Claims of(Path root, Collection<String> modules) throws IOException {
    Claims claims = new Claims(new TreeMap<>(), new TreeMap<>());
    for (String module : modules) {
      Path classes = root.resolve(module).resolve("target/test-classes");
      if (Files.isDirectory(classes)) {
        try (Stream<Path> files = Files.walk(classes)) {
          files
              .filter(file -> file.toString().endsWith(".class"))
              .sorted()
              .forEach(file -> claims.add(module, parsed(file)));
        }
      }
    }
    return claims;
  }

  /// The same with these tests alone: a row whose tests do not all hold is shown in part at most.
  Claims onlyThose(Predicate<Test> hold) {
    Claims left = new Claims(new TreeMap<>(), new TreeMap<>());
    whole.forEach(
        (row, tests) -> {
          if (tests.stream().allMatch(hold)) {
            left.whole.put(row, tests);
          }
        });
    part.forEach(
        (row, tests) -> {
          List<Test> holding = tests.stream().filter(hold).toList();
          if (!holding.isEmpty()) {
            left.part.put(row, holding);
          }
        });
    return left;
  }

  private static ClassModel parsed(Path file) {
    try {
      return ClassFile.of().parse(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void add(String module, ClassModel tests) {
    String name = tests.thisClass().asInternalName().replace('/', '.');
    for (MethodModel method : tests.methods()) {
      Test test = new Test(module, name, method.methodName().stringValue());
      for (String tag : tags(method)) {
        if (tag.startsWith(WHOLE)) {
          whole.computeIfAbsent(tag.substring(WHOLE.length()), _ -> new ArrayList<>()).add(test);
        } else if (tag.startsWith(PART)) {
          part.computeIfAbsent(tag.substring(PART.length()), _ -> new ArrayList<>()).add(test);
        }
      }
    }
  }

  /// Several tags of one method come wrapped in one annotation.
  private static List<String> tags(MethodModel method) {
    List<String> found = new ArrayList<>();
    method
        .findAttribute(Attributes.runtimeVisibleAnnotations())
        .ifPresent(all -> all.annotations().forEach(one -> addTags(one, found)));
    return found;
  }

  private static void addTags(Annotation annotation, List<String> found) {
    String type = annotation.className().stringValue();
    if (type.equals("Lorg/junit/jupiter/api/Tag;")) {
      annotation.elements().stream()
          .map(AnnotationElement::value)
          .forEach(
              value -> {
                if (value instanceof AnnotationValue.OfString text) {
                  found.add(text.stringValue());
                }
              });
    } else if (type.equals("Lorg/junit/jupiter/api/Tags;")) {
      annotation.elements().stream()
          .map(AnnotationElement::value)
          .forEach(
              value -> {
                if (value instanceof AnnotationValue.OfArray array) {
                  array
                      .values()
                      .forEach(
                          inner -> {
                            if (inner instanceof AnnotationValue.OfAnnotation one) {
                              addTags(one.annotation(), found);
                            }
                          });
                }
              });
    }
  }
}
