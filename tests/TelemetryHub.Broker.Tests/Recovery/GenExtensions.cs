using FsCheck;
using FsCheck.Fluent;

namespace TelemetryHub.Broker.Tests.Recovery;

internal static class GenExtensions
{
    /// <summary>Now and then something else.</summary>
    public static Gen<T?> Or<T>(this Gen<T> gen, T? other)
        where T : class => Gen.Frequency((2, gen.Select(value => (T?)value)), (1, Gen.Constant(other)));
}
