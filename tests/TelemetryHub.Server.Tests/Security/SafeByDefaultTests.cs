using TelemetryHub.Server.Tests.Configuration;

namespace TelemetryHub.Server.Tests.Security;

public class SafeByDefaultTests
{
    [Theory]
    [InlineData("Mqtt:Listen", "0.0.0.0:1883")]
    [InlineData("Mqtt:Listen", "127.0.0.1:1883;192.168.1.5:1883")]
    [InlineData("Mqtt:Listen", "[::]:1883")]
    [InlineData("Http:Listen", "0.0.0.0:8080")]
    public void Other_machines_are_let_in_only_when_asked_twice(string key, string value)
    {
        Reading.Of(args: [$"--{key}={value}"]).Problems
            .ShouldHaveSingleItem().ShouldContain("set Hub:AllowAnonymousRemote=true if that is what you want");
        Reading.Of(args: [$"--{key}={value}", "--Hub:AllowAnonymousRemote"]).Problems.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("127.8.9.1:1883")]
    [InlineData("[::1]:1883")]
    public void Loopback_is_safe(string value) => Reading.Of(args: [$"--Mqtt:Listen={value}"]).Problems.ShouldBeEmpty();
}
