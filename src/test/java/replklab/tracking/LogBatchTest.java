package replklab.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LogBatchTest {
    private static Map<String, String> texts(int count, int length) {
        Map<String, String> texts = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            texts.put("key" + i, "<".repeat(length));
        }
        return texts;
    }

    @Test
    void fewThingsGoInOneRequest() {
        List<LogBatch> batches = LogBatch.split(List.of(
                new Event.Params(Map.of("lr", "0.1")),
                new Event.Metrics(1, 1000, Map.of("loss", 0.5)),
                new Event.Tags(Map.of("profile", "quick"))));
        assertThat(batches).hasSize(1);
        LogBatch only = batches.getFirst();
        assertThat(only.params())
                .singleElement()
                .satisfies(p -> assertThat(p.value()).isEqualTo("0.1"));
        assertThat(only.metrics()).singleElement().satisfies(m -> {
            assertThat(m.value()).isEqualTo(0.5);
            assertThat(m.step()).isEqualTo(1);
            assertThat(m.timestamp()).isEqualTo(1000);
        });
        assertThat(only.tags()).hasSize(1);
    }

    @Test
    void nothingGoesInNone() {
        assertThat(LogBatch.split(List.of())).isEmpty();
    }

    @Test
    void countsStayWithinTheLimitsAndTheOrderStays() {
        List<Event.Batched> events = new ArrayList<>();
        events.add(new Event.Params(texts(250, 1)));
        events.add(new Event.Tags(texts(150, 1)));
        for (int step = 0; step < 2500; step++) {
            events.add(new Event.Metrics(step, step, Map.of("loss", (double) step)));
        }
        List<LogBatch> batches = LogBatch.split(events);
        assertThat(batches).allSatisfy(batch -> {
            assertThat(batch.params()).hasSizeLessThanOrEqualTo(LogBatch.MOST_PARAMS);
            assertThat(batch.tags()).hasSizeLessThanOrEqualTo(LogBatch.MOST_TAGS);
            assertThat(batch.metrics().size()
                            + batch.params().size()
                            + batch.tags().size())
                    .isLessThanOrEqualTo(LogBatch.MOST_ENTITIES);
        });
        assertThat(batches.stream().flatMap(batch -> batch.params().stream())).hasSize(250);
        assertThat(batches.stream().flatMap(batch -> batch.tags().stream())).hasSize(150);
        assertThat(batches.stream().flatMap(batch -> batch.metrics().stream()).map(metric -> metric.step()))
                .hasSize(2500)
                .isSorted();
    }

    @Test
    void bytesStayWithinTheLimitEvenWhenTheTextIsEscaped() {
        List<LogBatch> batches = LogBatch.split(List.of(new Event.Params(texts(100, 6000))));
        assertThat(batches).hasSizeGreaterThan(3);
        assertThat(batches)
                .allSatisfy(
                        batch -> assertThat(batch.params().size() * 6 * 6000).isLessThan(1_000_000));
    }

    @Test
    void ofTwoValuesOfATagTheLaterOneArrivesLater() {
        List<LogBatch> batches = LogBatch.split(List.of(
                new Event.Tags(Map.of("phase", "train")),
                new Event.Metrics(0, 0, Map.of("loss", 1.0)),
                new Event.Tags(Map.of("phase", "test"))));
        assertThat(batches).hasSize(2);
        assertThat(batches.stream().flatMap(batch -> batch.tags().stream()).map(LogBatch.Text::value))
                .containsExactly("train", "test");
    }

    @Test
    void longValuesAreCut() {
        List<LogBatch> batches = LogBatch.split(List.of(
                new Event.Params(Map.of("yaml", "x".repeat(7000))), new Event.Tags(Map.of("t", "x".repeat(9000)))));
        assertThat(batches.getFirst().params().getFirst().value()).hasSize(6000).endsWith("[cut]");
        assertThat(batches.getFirst().tags().getFirst().value()).hasSize(8000).endsWith("[cut]");
    }
}
