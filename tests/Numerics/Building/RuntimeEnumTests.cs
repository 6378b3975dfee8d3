using System;
using System.Linq;
using Strata.Compiler.Emission;
using Strata.Compiler.Operators;
using Xunit;

namespace Strata.Numerics.Tests.Building;

public sealed class RuntimeEnumTests
{
    [Fact]
    public void The_enums_of_arguments_are_those_of_the_catalogue() => Assert.Equal(
        OperatorSet.BuiltIn.All.SelectMany(one => one.Arguments).Select(argument => argument.Type)
            .Where(type => type.IsEnum).Select(type => type.Name).Distinct().Order(StringComparer.Ordinal),
        RuntimeEnum.OfArguments.Select(type => type.Name).Order(StringComparer.Ordinal));
}
