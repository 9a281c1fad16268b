package replklab.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import replklab.base.LabException;

class TrackingAddressTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "http://localhost:5000 http://localhost:5000 - -",
                "HTTPS://mlflow.example.org/ https://mlflow.example.org - -",
                "http://mlflow_server:5000/base// http://mlflow_server:5000/base - -",
                "http://[::1]:5000 http://[::1]:5000 - -",
                "http://anna:secret@host http://host anna secret",
                "http://anna@host http://host anna ''",
                "http://user:s3cr3t^1@host http://host user s3cr3t^1",
                "http://user:100%@host:80 http://host:80 user 100%",
                "http://u%40x:p%3Aq%C3%A4@host http://host u@x p:qä",
                "http://user:a@b:c@host:1 http://host:1 user a@b:c",
                "http://user:[{<\\>}]|\"@host http://host user [{<\\>}]|\"",
            })
    void readsWhatMlflowsClientsRead(String text, String uri, String user, String password) {
        TrackingAddress address = TrackingAddress.of(text);
        assertThat(address.uri()).hasToString(uri);
        assertThat(address.user().orElse("-")).isEqualTo(user);
        assertThat(address.password().orElse("-")).isEqualTo(password);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://user:s3cr3t@ho st:5000",
                "http://user:s3cr3t@host:50000000",
                "http://user:s3cr3t@host:port",
                "http://user:pa/s3cr3t@host:5000",
                "http://user:5000/s3cr3t@host",
                "http://user:s3cr3t",
                "http://user:s3cr3t@",
                "http://user:s3cr3t@host/%zz",
                "https://user:s3cr3t@my_host",
                "databricks://user:s3cr3t@host",
                "postgresql://user:s3cr3t@host/db",
                "user:s3cr3t@host:5000",
                "user:s3cr3t",
                "ftp://host/?password=s3cr3t",
                "http://:s3cr3t",
                "http:/user:s3cr3t@host",
            })
    void showsNoPasswordOfAnAddressThatItCannotRead(String text) {
        assertThatThrownBy(() -> TrackingAddress.of(text))
                .isInstanceOf(LabException.class)
                .hasMessageStartingWith("MLFLOW_TRACKING_URI=")
                .hasMessageNotContaining("s3cr3t")
                .hasNoCause();
    }

    @Test
    void showsWhatIsNoSecret() {
        assertThat(TrackingAddress.shown("http://anna:secret@host:5000/base")).isEqualTo("http://***@host:5000/base");
        assertThat(TrackingAddress.shown("http://my_host:5000")).isEqualTo("http://my_host:5000");
        assertThat(TrackingAddress.shown("http://host/x?token=s3cr3t")).isEqualTo("http://***");
        assertThat(TrackingAddress.shown("sqlite:///mlflow.db")).isEqualTo("sqlite:///mlflow.db");
    }
}
