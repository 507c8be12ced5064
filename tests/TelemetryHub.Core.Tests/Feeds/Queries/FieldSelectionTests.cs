using System.Buffers;
using System.Text;
using TelemetryHub.Core.Feeds.Queries;

namespace TelemetryHub.Core.Tests.Feeds.Queries;

public class FieldSelectionTests
{
    [Theory]
    [InlineData("temp", "{\"temp\":1,\"hum\":2}", "{\"temp\":1}")]
    [InlineData("hum, temp", "{\"temp\":1,\"hum\":2}", "{\"temp\":1,\"hum\":2}")]
    [InlineData("temp,pos.lat", "{\"temp\":1,\"pos\":{\"lat\":2,\"lon\":3}}", "{\"temp\":1,\"pos\":{\"lat\":2}}")]
    [InlineData("a.b.c,a.d", "{\"a\":{\"d\":1,\"b\":{\"c\":2,\"x\":3},\"y\":4}}", "{\"a\":{\"d\":1,\"b\":{\"c\":2}}}")]
    [InlineData("list[0]", "{\"list\":[1,2,3]}", "{\"list\":[1]}")]
    [InlineData("list[2],list[1].a", "{\"list\":[1,{\"a\":2,\"b\":0},3]}", "{\"list\":[{\"a\":2},3]}")]
    [InlineData("pos", "{ \"pos\" : {\"lat\": 2} , \"x\": 1 }", "{\"pos\":{\"lat\": 2}}")]
    [InlineData("pos,pos.lat", "{\"pos\":{\"lat\":2,\"lon\":3}}", "{\"pos\":{\"lat\":2,\"lon\":3}}")]
    [InlineData("a", "{\"a\":\r\n{\r\n\"b\":\n1}}", "{\"a\":{\"b\":1}}")]
    [InlineData("a,b", "{\"a\":1.50e+3,\"b\":\"\\u00e9\\/\"}", "{\"a\":1.50e+3,\"b\":\"\\u00e9\\/\"}")]
    [InlineData("[\"odd name\"],in", "{\"odd name\":1,\"in\":2,\"x\":3}", "{\"odd name\":1,\"in\":2}")]
    [InlineData("temp", "{\"t\\u0065mp\":1}", "{\"t\\u0065mp\":1}")]
    [InlineData("$.temp", "{\"temp\":1}", "{\"temp\":1}")]
    [InlineData("temp", "{\"hum\":2}", "{}")]
    [InlineData("temp", " { } ", "{}")]
    [InlineData("pos.lat,temp", "{\"pos\":{\"lon\":3},\"temp\":1}", "{\"temp\":1}")]
    [InlineData("pos.lat,temp", "{\"temp\":1,\"pos\":5}", "{\"temp\":1}")]
    [InlineData("temp", "{\"temp\":1,\"temp\":2}", "{\"temp\":1}")]
    public void Only_the_fields_asked_for_are_written_where_they_were(string fields, string payload, string expected) => Written(fields, payload).ShouldBe(expected);

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("[{\"temp\":1}]")]
    [InlineData("{\"temp\":1")]
    [InlineData("{\"temp\":[1,[2")]
    [InlineData("{\"temp\":1}x")]
    [InlineData("{\"pos\":{\"temp\":1")]
    [InlineData("{\"temp\"")]
    [InlineData("{\"temp\":")]
    [InlineData("{")]
    public void Nothing_is_written_when_the_payload_is_not_a_json_object(string payload)
    {
        Written("temp", payload).ShouldBeNull();
        Written("temp,pos.temp", payload).ShouldBeNull();
    }

    [Theory]
    [InlineData("", "at character 1: expected a field, found the end")]
    [InlineData("a,", "at character 3: expected a field, found the end")]
    [InlineData("a b", "at character 3: expected ',' or the end, found 'b'")]
    [InlineData("$", "at character 2: expected '.' and a name, found the end")]
    [InlineData("[0].a", "at character 6: fields are taken from objects: the first step is a name")]
    [InlineData("a.", "at character 3: expected a name, found the end")]
    public void A_problem_says_where_it_is_and_what_was_expected(string fields, string expected)
    {
        FieldSelection.TryParse(fields, out var selection, out var problem).ShouldBeFalse();
        selection.ShouldBeNull();
        problem.ShouldBe(expected);
    }

    [Fact]
    public void What_a_selection_may_name_is_bounded()
    {
        FieldSelection.TryParse(string.Join(',', Enumerable.Range(0, 63).Select(i => $"f{i}")), out _, out _).ShouldBeTrue();
        FieldSelection.TryParse(string.Join(',', Enumerable.Range(0, 64).Select(i => $"f{i}")), out _, out var problem).ShouldBeFalse();
        problem.ShouldNotBeNull().ShouldContain("at most 63 different fields");
        FieldSelection.TryParse(new string('a', 1_001), out _, out problem).ShouldBeFalse();
        problem.ShouldBe("is longer than 1000 characters");
    }

    private static string? Written(string fields, string payload)
    {
        FieldSelection.TryParse(fields, out var selection, out var problem).ShouldBeTrue(problem);
        var output = new ArrayBufferWriter<byte>();
        var isWritten = selection!.TryWrite(Encoding.UTF8.GetBytes(payload), output);
        isWritten.ShouldBe(output.WrittenCount > 0);
        return isWritten ? Encoding.UTF8.GetString(output.WrittenSpan) : null;
    }
}
