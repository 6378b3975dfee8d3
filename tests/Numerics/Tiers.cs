using System.Linq;
using Strata.CompilerServices;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>The tiers of this machine.</summary>
public static class Tiers
{
    public static Isa[] Supported { get; } = [.. IsaSelection.All.Where(IsaSelection.IsSupported)];

    public static TheoryData<Isa> All => [.. Supported];
}
