using System;
using System.Linq;
using Strata.CompilerServices;

namespace Strata.Numerics.Tests;

/// <summary>A network that is a class of C#.</summary>
internal sealed class CompiledClass(Type type, CompiledNetworks origin) : CompiledType
{
    public override string Name => type.Name;

    public override Type Type => type;

    public override CompiledNetworks Origin => origin;

    public override CompiledNetwork Create(NetworkOptions options) => (CompiledNetwork)Activator.CreateInstance(type, options)!;

    /// <summary>The generator gives each network a namespace of its own.</summary>
    public override NetworkProgram Program(Isa isa) => type.Assembly.GetTypes()
        .Where(t => !t.IsAbstract && !t.IsNested && typeof(NetworkProgram).IsAssignableFrom(t))
        .Where(t => t.Namespace == $"Strata.Generated.Declared_{Name}")
        .Select(t => (NetworkProgram)Activator.CreateInstance(t, nonPublic: true)!)
        .Single(program => program.Isa == isa && program.Packing.All(parameter => parameter.Element == WeightStorage.Float32));
}
