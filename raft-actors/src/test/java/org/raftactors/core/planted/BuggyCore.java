package org.raftactors.core.planted;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.NullMarked;
import org.raftactors.core.RaftCore;

/**
 * The core with a bug in it, compiled in memory, and everything that tests the core, in a class
 * loader of their own: nothing of the sound core is in there.
 */
final class BuggyCore extends ClassLoader {

  private static final Path SOURCES = Path.of("src", "main", "java", "org", "raftactors", "core");
  private static final List<String> OWN_PACKAGES =
      List.of("org.raftactors.core.", "org.raftactors.testkit.");

  private final Map<String, byte[]> changed;

  private BuggyCore(Map<String, byte[]> changed) {
    super(BuggyCore.class.getClassLoader());
    this.changed = changed;
  }

  /** The sound core, loaded in the same way. */
  static BuggyCore sound() {
    return new BuggyCore(Map.of());
  }

  static BuggyCore with(PlantedBug bug) {
    return new BuggyCore(compile(bug, sources(bug)));
  }

  /** The changed sources, by file. Fails if they are not what the bug was written for. */
  static Map<String, String> sources(PlantedBug bug) {
    Map<String, String> sources = new LinkedHashMap<>();
    for (PlantedBug.Edit edit : bug.edits()) {
      String source = sources.computeIfAbsent(edit.file(), BuggyCore::read);
      int at = source.indexOf(edit.original());
      assertThat(at >= 0 && source.indexOf(edit.original(), at + 1) < 0)
          .as("%s: stands in %s exactly once:%n%s", bug, edit.file(), edit.original())
          .isTrue();
      sources.put(edit.file(), source.replace(edit.original(), edit.replacement()));
    }
    assertThat(sources).as("%s changes something", bug).isNotEmpty();
    return sources;
  }

  private static String read(String file) {
    try {
      return Files.readString(SOURCES.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  private static Map<String, byte[]> compile(PlantedBug bug, Map<String, String> sources) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    Map<String, ByteArrayOutputStream> classes = new HashMap<>();
    List<JavaFileObject> files = new ArrayList<>();
    sources.forEach((name, text) -> files.add(new Source(name, text)));
    StringWriter errors = new StringWriter();
    List<String> options =
        List.of(
            "-proc:none",
            "-nowarn",
            "-classpath",
            home(RaftCore.class) + File.pathSeparator + jspecify());
    try (JavaFileManager manager =
        new MemoryFiles(compiler.getStandardFileManager(null, null, null), classes)) {
      boolean compiled = compiler.getTask(errors, manager, null, options, null, files).call();
      assertThat(compiled).as("%s compiles:%n%s", bug, errors).isTrue();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot compile " + bug, e);
    }
    Map<String, byte[]> bytes = new HashMap<>();
    classes.forEach((name, content) -> bytes.put(name, content.toByteArray()));
    return bytes;
  }

  private static String jspecify() {
    return home(NullMarked.class);
  }

  private static String home(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException("cannot locate " + type, e);
    }
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (OWN_PACKAGES.stream().noneMatch(name::startsWith)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      if (loaded == null) {
        byte[] bytes = changed.containsKey(name) ? changed.get(name) : original(name);
        loaded = defineClass(name, bytes, 0, bytes.length);
      }
      return loaded;
    }
  }

  private byte[] original(String name) throws ClassNotFoundException {
    try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }

  /** A source in memory. */
  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String file, String text) {
      super(URI.create("string:///org/raftactors/core/" + file), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  /** Keeps what the compiler writes. */
  private static final class MemoryFiles extends ForwardingJavaFileManager<JavaFileManager> {
    private final Map<String, ByteArrayOutputStream> classes;

    MemoryFiles(JavaFileManager standard, Map<String, ByteArrayOutputStream> classes) {
      super(standard);
      this.classes = classes;
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      classes.put(name, out);
      return new SimpleJavaFileObject(URI.create("memory:///" + name), kind) {
        @Override
        public OutputStream openOutputStream() {
          return out;
        }
      };
    }
  }
}
