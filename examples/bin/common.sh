# Shared by the scripts of this folder; not a program of its own.

# The programs' folder and the project's, wherever the caller stands.
bin="$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)"
project="$(cd "$bin/../.." && pwd)"
target="$project/examples/target"

fail() {
  echo "$(basename "$0"): $*" >&2
  exit 1
}

# Sets $java to a Java of at least 17.
find_java() {
  java="${JAVA_HOME:+$JAVA_HOME/bin/}java"
  command -v "$java" >/dev/null || fail "there is no Java at '$java': install JDK 17 or set JAVA_HOME"
  local version
  version="$("$java" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.specification\.version = //p')"
  [ "${version%%.*}" -ge 17 ] 2>/dev/null || fail "'$java' is Java ${version:-of an unknown version}, but 17 or later is needed"
}

# The programs' own jar. Not their folder of classes: the JVM shares only classes of jars between processes.
own_jar() {
  ls -t "$target"/raft-actors-examples-*.jar 2>/dev/null | head -n 1
}

is_built() {
  [ -n "$(own_jar)" ] && ls "$target"/lib/raft-cluster-bridge-*.jar >/dev/null 2>&1
}

# Whether a source is younger than what was built from it, by Maven or by build below.
is_stale() {
  local module jar younger
  for module in raft-actors raft-persistence-rocksdb raft-cluster-bridge examples; do
    jar="$(ls -t "$project/$module"/target/*.jar 2>/dev/null | head -n 1)"
    [ -n "$jar" ] || return 0
    younger=(-newer "$jar")
    if [ -e "$target/built" ]; then younger+=(-newer "$target/built"); fi
    [ -z "$(find "$project/pom.xml" "$project/$module/src/main" "$project/$module/pom.xml" -type f "${younger[@]}" -print -quit)" ] || return 0
  done
  return 1
}

need_built() {
  is_built || fail "the project is not built yet: run 'mvn -B -Dmaven.test.skip package' in $project, or examples/bin/kv-cluster, which does it"
}

build() {
  command -v mvn >/dev/null || fail "there is no Maven ('mvn') to build the project with: install Maven 3.8.6 or later"
  echo "Building the project (a few minutes the first time) ..." >&2
  (cd "$project" && mvn -q -B -Dmaven.test.skip -Dspotless.check.skip -Dcheckstyle.skip package) >&2 || fail "the build failed"
  touch "$target/built"
}

# Replaces this process by a program of the examples.
run_program() {
  find_java
  need_built
  # shellcheck disable=SC2086 # JAVA_OPTS is a list of words
  exec "$java" "@$bin/java-options" ${JAVA_OPTS:-} -cp "$(own_jar):$target/lib/*" "$@"
}
