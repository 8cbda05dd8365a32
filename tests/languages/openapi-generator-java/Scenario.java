import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.openapitools.client.ApiClient;
import org.openapitools.client.ApiException;
import org.openapitools.client.api.ExperimentsApi;
import org.openapitools.client.api.FlagsApi;
import org.openapitools.client.api.HoldoutsApi;
import org.openapitools.client.api.MutexesApi;
import org.openapitools.client.model.BulkDeleteUsers;
import org.openapitools.client.model.ExperimentUpdate;
import org.openapitools.client.model.Flag;
import org.openapitools.client.model.FlagCreate;
import org.openapitools.client.model.FlagList;
import org.openapitools.client.model.FlagUpdate;
import org.openapitools.client.model.HoldoutCreate;
import org.openapitools.client.model.MutexCreate;
import org.openapitools.client.model.MutexSlotCreate;
import org.openapitools.client.model.MutexSlotUpdate;
import org.openapitools.client.model.UserInclusions;

/** The scenario of ../README.md with the Java client of openapi-generator. */
public final class Scenario {
  private static final String PROJECT = "217854";

  public static void main(String[] words) throws Exception {
    flagWithUsers(new FlagsApi(connect(words[0], words[3])));
    experimentAndGroups(connect(words[0], words[3]));
    refused(new FlagsApi(connect(words[1], words[3])));
    System.out.println("passed; unknown members of flags are " + unknown(connect(words[2], words[3])));
  }

  private static ApiClient connect(String baseUrl, String key) {
    ApiClient client = new ApiClient();
    client.updateBaseUri(baseUrl);
    client.setRequestInterceptor(request -> request.header("Authorization", "Bearer " + key));
    return client;
  }

  private static void expect(boolean isRight, String what) {
    if (!isRight) throw new IllegalStateException("expected " + what);
  }

  private static List<String> pages(FlagsApi flags) throws ApiException {
    List<String> keys = new ArrayList<>();
    String cursor = null;
    do {
      FlagList page = flags.listFlags(null, PROJECT, null, 2, cursor);
      page.getFlags().forEach(flag -> keys.add(flag.getKey()));
      cursor = page.getNextCursor();
    } while (cursor != null && !cursor.isEmpty());
    return keys;
  }

  private static void flagWithUsers(FlagsApi flags) throws ApiException {
    List<String> made = new ArrayList<>();
    for (int n = 0; n < 5; n += 1) {
      made.add(flags.createFlag(new FlagCreate().projectId(PROJECT).key("flag-" + n)).getId());
    }
    List<String> all = List.of("flag-4", "flag-3", "flag-2", "flag-1", "flag-0", "seeded-flag");
    expect(pages(flags).equals(all), "each flag once, newest first");

    String id = made.get(0);
    BigDecimal half = BigDecimal.valueOf(50);
    flags.updateFlag(id, new FlagUpdate().enabled(true).rolloutPercentage(half).addTagsItem("made-here"));
    Flag flag = flags.getFlag(id);
    boolean isEdited = flag.getEnabled() && flag.getRolloutPercentage().compareTo(half) == 0;
    expect(isEdited && flag.getTags().equals(List.of("made-here")), "the edit");

    List<String> users = IntStream.range(0, 150).mapToObj(n -> "user-" + n).toList();
    flags.addFlagVariantUsers(id, "on", new UserInclusions().inclusions(users));
    expect(flags.listFlagVariantUsers(id, "on").size() == 150, "150 users");
    for (List<String> some : List.of(users.subList(0, 100), users.subList(100, 150))) {
      flags.bulkDeleteFlagVariantUsers(id, "on", new BulkDeleteUsers().users(some));
    }
    expect(flags.listFlagVariantUsers(id, "on").isEmpty(), "nobody");

    var versions = flags.listFlagVersions(id);
    expect(versions.size() >= 2 && versions.get(0).getFlagConfig().getEnabled(), "the edit as the newest version");
    var first = versions.get(versions.size() - 1);
    expect(first.getVersion() == 1 && !first.getFlagConfig().getEnabled(), "version 1 as the oldest");
  }

  private static void experimentAndGroups(ApiClient client) throws ApiException {
    ExperimentsApi experiments = new ExperimentsApi(client);
    String id =
        experiments.listExperiments("seeded-experiment", null, null, null, null, null).getExperiments().get(0).getId();
    experiments.updateExperiment(id, new ExperimentUpdate().endDate("2030-01-01T00:00:00Z"));
    expect("2030-01-01".equals(experiments.getExperiment(id).getEndDate()), "the end");

    List<Long> one = List.of(Long.valueOf(id));
    MutexesApi mutexes = new MutexesApi(client);
    MutexCreate group = new MutexCreate().projectId(Long.valueOf(PROJECT)).name("Onboarding");
    group.addSlotsItem(new MutexSlotCreate().percentage(60).addIndividualsItem("ada@example.com"));
    group.addSlotsItem(new MutexSlotCreate().percentage(40));
    String made = mutexes.createMutex(group).getId();
    long second = mutexes.getMutex(made).getSlots().get(1).getIndex();
    mutexes.updateMutexSlot(made, second, new MutexSlotUpdate().experiments(one));
    var slots = mutexes.getMutex(made).getSlots();
    boolean isInSecond = slots.get(0).getExperiments().isEmpty() && slots.get(1).getExperiments().equals(one);
    expect(isInSecond, "the experiment in slot 2");

    HoldoutsApi holdouts = new HoldoutsApi(client);
    HoldoutCreate holdout = new HoldoutCreate().projectId(Long.valueOf(PROJECT)).name("Quarter");
    var held = holdouts.getHoldout(holdouts.createHoldout(holdout.holdoutPercentage(5).experiments(one)).getId());
    expect(held.getHoldoutPercentage() == 5 && held.getExperiments().equals(one), "the holdout group");
  }

  private static String unknown(ApiClient client) throws Exception {
    Flag flag = new FlagsApi(client).listFlags(null, null, null, null, null).getFlags().get(0);
    expect("from-the-future".equals(flag.getEvaluationMode()), "a value that nobody knows, as text");
    JsonNode written = client.getObjectMapper().valueToTree(flag);
    expect(written.at("/targetSegments/0").has("fromTheFuture"), "segments that keep what nobody knows");
    return written.has("fromTheFuture") ? "kept" : "dropped";
  }

  private static void refused(FlagsApi flags) throws ApiException {
    for (int n = 0; n < 3; n += 1) {
      try {
        flags.listFlags(null, null, null, null, null);
      } catch (ApiException error) {
        String hint = error.getResponseHeaders().firstValue("Retry-After").orElse("");
        expect(error.getCode() == 429 && hint.equals("1"), "429");
        return;
      }
    }
    throw new IllegalStateException("429 was expected");
  }
}
