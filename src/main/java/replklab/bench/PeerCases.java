package replklab.bench;

import com.fasterxml.jackson.databind.JsonNode;
import replklab.tensor.Precision;

/** Reads a case back from what {@link BenchCase#fields()} told a peer. */
final class PeerCases {
    private PeerCases() {}

    static BenchCase read(JsonNode fields) {
        Pass pass = Pass.of(fields.path("pass").asText());
        if (fields.has("format")) {
            return new DataCase(
                    fields.path("format").asText(),
                    fields.path("width").asInt(),
                    fields.path("height").asInt(),
                    fields.path("resolution").asInt(),
                    pass);
        }
        if (fields.has(LayersCase.LAYERS)) {
            return new LayersCase(fields.path(LayersCase.LAYERS).asInt(), convolution(fields, pass));
        }
        return fields.has("model")
                ? new ModelCase(
                        fields.path("model").asText(),
                        fields.path("shown").asText(fields.path("model").asText()),
                        fields.path("batch").asInt(),
                        fields.path("resolution").asInt(),
                        Precision.of(fields.path(ModelCase.PRECISION).asText()),
                        pass)
                : convolution(fields, pass);
    }

    private static ConvCase convolution(JsonNode fields, Pass pass) {
        return new ConvCase(
                fields.path("n").asInt(),
                fields.path("channels").asInt(),
                fields.path("height").asInt(),
                fields.path("width").asInt(),
                fields.path("kernel").asInt(),
                pass);
    }
}
