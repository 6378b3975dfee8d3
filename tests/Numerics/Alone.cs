using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>Tests that measure the whole process and so run while nothing else does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "Alone";
}
