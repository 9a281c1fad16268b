package replklab.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrackerAddressTest {
    private static final String NAME = "MLFLOW_TRACKING_URI";

    @Test
    void aNamedServerIsShownWithoutItsPassword() {
        assertThat(TrackerAddress.named(Map.of(NAME, "https://me:s3cret@mlflow.example.org/team/")))
                .contains(URI.create("https://mlflow.example.org/team"));
        assertThat(TrackerAddress.named(Map.of(NAME, " "))).isEmpty();
        assertThat(TrackerAddress.named(Map.of())).isEmpty();
    }

    @Test
    void thePageIsTheViewForTraining() {
        assertThat(TrackerAddress.page(URI.create("http://127.0.0.1:5000")))
                .hasToString("http://127.0.0.1:5000/#/experiments?workflowType=machine_learning");
    }
}
