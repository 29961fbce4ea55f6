package io.trencadis.cli.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/// Objects for Kubernetes, typed. What the API does not know is an error.
public final class Manifests {
  private static final Map<String, Class<? extends HasMetadata>> KINDS =
      Map.of(
          "apps/v1 StatefulSet", StatefulSet.class,
          "v1 Service", Service.class,
          "v1 ConfigMap", ConfigMap.class,
          "policy/v1 PodDisruptionBudget", PodDisruptionBudget.class);

  private final ObjectMapper mapper =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
  private final Map<String, HasMetadata> objects = new TreeMap<>();

  private Manifests(String yaml) {
    for (Object document : yaml(yaml)) {
      if (document != null) {
        add((Map<?, ?>) document);
      }
    }
  }

  static Manifests of(String yaml) {
    return new Manifests(yaml);
  }

  /// All files of a directory, as `kubectl apply -f` takes them.
  public static Manifests in(Path directory) throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".yaml")).sorted().toList()) {
        all.append("---\n").append(Files.readString(file)).append('\n');
      }
    }
    return new Manifests(all.toString());
  }

  static Iterable<Object> yaml(String text) {
    LoaderOptions strict = new LoaderOptions();
    strict.setAllowDuplicateKeys(false);
    return new Yaml(new SafeConstructor(strict)).loadAll(text);
  }

  private void add(Map<?, ?> document) {
    String kind = document.get("apiVersion") + " " + document.get("kind");
    Class<? extends HasMetadata> type = KINDS.get(kind);
    if (type == null) {
      throw new AssertionError("no type known for " + kind);
    }
    HasMetadata object = mapper.convertValue(document, type);
    List<String> unknown = new ArrayList<>();
    // A typed object keeps what its type does not have; all of it comes out again.
    compare("", document, mapper.convertValue(object, Map.class), unknown);
    findUnknown(object, unknown);
    assertEquals(List.of(), unknown, kind + " " + object.getMetadata().getName());
    HasMetadata twice = objects.put(kind + " " + object.getMetadata().getName(), object);
    assertEquals(null, twice, kind + " comes twice");
  }

  /// Whether everything that was written is in what was understood.
  private static void compare(String path, Object written, Object understood, List<String> lost) {
    switch (written) {
      case Map<?, ?> map ->
          map.forEach(
              (key, value) ->
                  compare(
                      path + "/" + key,
                      value,
                      understood instanceof Map<?, ?> other ? other.get(key) : null,
                      lost));
      case List<?> list -> {
        List<?> other = understood instanceof List<?> known ? known : List.of();
        for (int i = 0; i < list.size(); i++) {
          compare(path + "/" + i, list.get(i), i < other.size() ? other.get(i) : null, lost);
        }
      }
      default -> {
        if (!String.valueOf(written).equals(String.valueOf(understood))) {
          lost.add(path + ": " + written + " became " + understood);
        }
      }
    }
  }

  /// Names that the types of the API do not have.
  private static void findUnknown(Object object, List<String> unknown) {
    if (object instanceof Collection<?> all) {
      all.forEach(each -> findUnknown(each, unknown));
    }
    if (object == null || !object.getClass().getName().startsWith("io.fabric8.")) {
      return;
    }
    try {
      for (var method : object.getClass().getMethods()) {
        if (method.getParameterCount() > 0 || !method.getName().startsWith("get")) {
          continue;
        }
        if (method.getName().equals("getAdditionalProperties")) {
          ((Map<?, ?>) method.invoke(object))
              .keySet()
              .forEach(name -> unknown.add(object.getClass().getSimpleName() + "." + name));
        } else if (!method.getName().equals("getClass")) {
          findUnknown(method.invoke(object), unknown);
        }
      }
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  public <T extends HasMetadata> T get(Class<T> type, String name) {
    return objects.values().stream()
        .filter(each -> type.isInstance(each) && each.getMetadata().getName().equals(name))
        .map(type::cast)
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " is not among " + objects.keySet()));
  }

  /// By version, kind and name.
  Map<String, HasMetadata> all() {
    return objects;
  }
}
