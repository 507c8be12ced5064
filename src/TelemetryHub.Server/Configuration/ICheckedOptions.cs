namespace TelemetryHub.Server.Configuration;

/// <summary>Options that know more about themselves than each value alone can tell.</summary>
public interface ICheckedOptions
{
    /// <summary>What is wrong: the property that is to blame, and a sentence.</summary>
    IEnumerable<(string Property, string Problem)> Check();
}
