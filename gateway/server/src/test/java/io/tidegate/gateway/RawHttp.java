package io.tidegate.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidegate.junit.Patience;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;

/** Requests to a gateway as they are written down, with nobody between who knows HTTP. */
final class RawHttp {

    private RawHttp() {}

    static Socket socket(RunningGateway gateway) throws Exception {
        Socket socket = new Socket(
                InetAddress.getLoopbackAddress(), gateway.addresses().pages().getPort());
        socket.setSoTimeout((int) Patience.LIMIT.toMillis());
        return socket;
    }

    static void send(Socket socket, String request) throws Exception {
        socket.getOutputStream().write(request.getBytes(UTF_8));
        socket.getOutputStream().flush();
    }

    static String exchange(RunningGateway gateway, String request) throws Exception {
        try (Socket socket = socket(gateway)) {
            send(socket, request);
            return answer(socket);
        }
    }

    /** Up to the end of a page, each of which is JSON and a line, or of the connection. */
    static String answer(Socket socket) throws Exception {
        return until(socket, "}\n");
    }

    static String rest(Socket socket) throws Exception {
        return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }

    static String statusLine(Socket socket) throws Exception {
        return until(socket, "\r\n").strip();
    }

    /** Up to these characters, or to the end of the connection. */
    static String until(Socket socket, String end) throws Exception {
        InputStream in = socket.getInputStream();
        StringBuilder answer = new StringBuilder();
        while (!answer.toString().endsWith(end)) {
            int c = in.read();
            if (c < 0) {
                break;
            }
            answer.append((char) c);
        }
        return answer.toString();
    }
}
