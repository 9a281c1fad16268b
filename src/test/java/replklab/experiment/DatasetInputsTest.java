package replklab.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import replklab.tracking.DatasetInput;

/** The form in which MLflow's Python client writes the schema of arrays, JSON within JSON. */
class DatasetInputsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Dots DATA = new Dots(List.of("a", "b"));

    private static JsonNode tensor(DatasetInput input, String which) throws IOException {
        JsonNode schema = JSON.readTree(input.schema()).at("/mlflow_tensorspec/" + which);
        assertThat(schema.isTextual()).isTrue();
        return JSON.readTree(schema.asText()).get(0).path("tensor-spec");
    }

    @Test
    void imagesWithAClass() throws IOException {
        DatasetInput input = DatasetInputs.of(DATA, "test");
        assertThat(input.context()).isEqualTo("test");
        assertThat(tensor(input, "features").toString()).isEqualTo("{\"dtype\":\"float32\",\"shape\":[-1,4,4,2]}");
        assertThat(tensor(input, "targets").toString()).isEqualTo("{\"dtype\":\"int64\",\"shape\":[-1]}");
        assertThat(JSON.readTree(input.profile())).isEqualTo(JSON.readTree("""
                        {"num_rows": 6, "num_classes": 2, "features_shape": [6, 4, 4, 2], "features_size": 192,
                         "features_nbytes": 768, "targets_shape": [6], "targets_size": 6, "targets_nbytes": 48}
                        """));
    }

    @Test
    void imagesWithAClassAPixel() throws IOException {
        DatasetInput input = DatasetInputs.ofPixels(DATA, "finetune");
        assertThat(tensor(input, "targets").toString()).isEqualTo("{\"dtype\":\"uint8\",\"shape\":[-1,4,4]}");
        assertThat(JSON.readTree(input.profile()).path("num_classes").asInt()).isEqualTo(3);
        assertThat(JSON.readTree(input.profile()).path("targets_nbytes").asInt())
                .isEqualTo(96);
    }
}
