package io.tidegate.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

@SuppressWarnings("FutureReturnValueIgnored") // what a method of a stand-in returns
class AnnouncingTransportTest {

    private static final MqttEndpoint ENDPOINT = MqttEndpoint.results(URI.create("tcp://127.0.0.1:1"), "c");

    private final List<String> published = new ArrayList<>();
    private int asked;

    @Test
    void every_connection_announces_itself_before_anybody_gets_it() {
        AnnouncingTransport transport = new AnnouncingTransport(
                (endpoint, listener) -> CompletableFuture.completedFuture(connection()),
                () -> Map.of("status", ("online " + ++asked).getBytes(UTF_8)));

        for (int i = 1; i <= 3; i++) { // with nothing between them that anybody could have noticed
            MqttConnection connection = transport.connect(ENDPOINT, listener()).join();
            assertThat(published).hasSize(i).last().isEqualTo("status online " + i + " retained");
            assertThat(connection).isNotNull();
        }
    }

    @Test
    void a_connection_on_which_it_is_refused_is_still_a_connection() {
        AnnouncingTransport transport = new AnnouncingTransport(
                (endpoint, listener) -> CompletableFuture.completedFuture(refusing()),
                () -> Map.of("status", new byte[0]));

        assertThat(transport.connect(ENDPOINT, listener())).isCompleted();
    }

    private MqttConnection connection() {
        return of(MqttConnection.class, arguments -> {
            published.add(arguments[0] + " " + new String((byte[]) arguments[1], UTF_8) + " retained");
            assertThat(arguments[2]).isEqualTo(true);
            return CompletableFuture.completedFuture(null);
        });
    }

    private static MqttConnection refusing() {
        return of(MqttConnection.class, arguments -> CompletableFuture.failedFuture(new IllegalStateException("no")));
    }

    private static MqttListener listener() {
        return of(MqttListener.class, arguments -> CompletableFuture.completedFuture(null));
    }

    private interface Answer {
        Object to(Object[] arguments);
    }

    private static <T> T of(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> answer.to(arguments)));
    }
}
