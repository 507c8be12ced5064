using System.Buffers;
using System.Text;
using TelemetryHub.Server.Feeds.WebSockets;
using TelemetryHub.Server.Feeds.WebSockets.Messages;

namespace TelemetryHub.Server.Tests.Feeds.WebSockets.Messages;

public class AnswerTests
{
    [Fact]
    public void Answers_in_JSON_are_lines()
    {
        var output = new ArrayBufferWriter<byte>();
        AnswerWriter.Write(output, StreamProtocol.Json, Answer.Pong("5"u8.ToArray()));
        AnswerWriter.Write(output, StreamProtocol.Json, Answer.Ack([], ("sub", "a"), ("id", "e-5")));
        AnswerWriter.Write(output, StreamProtocol.Json, Answer.Error("\"r\""u8.ToArray(), new MessageProblem(ErrorCode.BadFilter, "'x\n' <is> wrong.")));
        Encoding.UTF8.GetString(output.WrittenSpan).ShouldBe(
            """
            {"type":"pong","ref":5}
            {"type":"ack","sub":"a","id":"e-5"}
            {"type":"error","ref":"r","code":"bad-filter","message":"'x\n' <is> wrong."}

            """);
    }

    [Fact]
    public void Answers_in_CBOR_are_maps()
    {
        var output = new ArrayBufferWriter<byte>();
        AnswerWriter.Write(output, StreamProtocol.Cbor, Answer.Pong([0x05]));
        AnswerWriter.Write(output, StreamProtocol.Cbor, Answer.Ack([], ("id", "e-5")));
        Convert.ToHexString(output.WrittenSpan).ShouldBe("A2" + "6474797065" + "64706F6E67" + "63726566" + "05" + "A2" + "6474797065" + "6361636B" + "626964" + "63652D35");
    }
}
