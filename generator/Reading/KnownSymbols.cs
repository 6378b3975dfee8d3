using System;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using Microsoft.CodeAnalysis;
using Strata.Compiler.Declarations;

namespace Strata.Generator.Reading;

/// <summary>
/// The types of the runtime that the compiler looks for. Each is looked up once for a compilation, and only if it is asked for: that goes
/// through all references, and an editor makes a compilation for each keystroke. A type of the same name in another assembly is not
/// mistaken for one of them.
/// </summary>
internal sealed class KnownSymbols
{
    /// <summary>The name of the attribute that makes a class a network.</summary>
    public const string NetworkAttributeName = "Strata.NetworkAttribute";

    /// <summary>The name of the base class of every network.</summary>
    public const string NetworkName = "Strata.CompiledNetwork";

    private static readonly ConditionalWeakTable<Compilation, KnownSymbols> Cached = new();

    private readonly Lazy<INamedTypeSymbol?> _networkAttribute, _network, _options, _input, _sizes, _budget, _block, _layersOf, _trainer;
    private readonly Lazy<INamedTypeSymbol?> _elementwise, _elementwiseLoss, _trained, _functions, _mathF, _math;
    private readonly Lazy<INamedTypeSymbol?>[] _stackBases;

    private KnownSymbols(Compilation compilation)
    {
        Lazy<INamedTypeSymbol?> Type(string name) =>
            new(() => compilation.GetTypeByMetadataName(name), LazyThreadSafetyMode.PublicationOnly);
        _networkAttribute = Type(NetworkAttributeName);
        _network = Type(NetworkName);
        _options = Type("Strata.NetworkOptions");
        _input = Type("Strata.InputAttribute");
        _sizes = Type("Strata.SizesAttribute");
        _budget = Type("Strata.BudgetAttribute");
        _block = Type("Strata.BlockAttribute");
        _layersOf = Type("Strata.LayersOfAttribute");
        _trainer = Type("Strata.Training.Trainer");
        _elementwise = Type("Strata.ElementwiseAttribute");
        _elementwiseLoss = Type("Strata.ElementwiseLossAttribute");
        _trained = Type("Strata.TrainedAttribute");
        _stackBases =
        [
            Type("Strata.LayerAttribute"),
            Type("Strata.LossAttribute"),
            Type("Strata.StructureAttribute"),
        ];

        // If the project has a class of the same name, C# means that one.
        Lazy<INamedTypeSymbol?> Referenced(string name) => new(
            () => compilation.GetTypesByMetadataName(name).FirstOrDefault(
                type => type.DeclaredAccessibility == Accessibility.Public
                    && !SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, compilation.Assembly)),
            LazyThreadSafetyMode.PublicationOnly);
        (_functions, _mathF, _math) = (Referenced("Strata.Functions"), Referenced("System.MathF"), Referenced("System.Math"));
    }

    /// <summary>The base class of every network.</summary>
    public INamedTypeSymbol? Network => _network.Value;

    public static KnownSymbols Of(Compilation compilation) => Cached.GetValue(compilation, static known => new KnownSymbols(known));

    /// <summary>Whether an attribute is [Network].</summary>
    public bool IsNetworkAttribute(ITypeSymbol? type) => Is(type, _networkAttribute);

    /// <summary>Whether a class is the base class of networks.</summary>
    public bool IsNetwork(ITypeSymbol? type) => Is(type, _network);

    /// <summary>Whether a type is that of the options that constructors take.</summary>
    public bool IsOptions(ITypeSymbol type) => Is(type, _options);

    /// <summary>Whether an attribute is [Input].</summary>
    public bool IsInput(ITypeSymbol? type) => Is(type, _input);

    /// <summary>Whether an attribute belongs to one network alone, and not to its layers: [Input], its sizes, or a budget.</summary>
    public bool IsOfNetwork(ITypeSymbol? type) => IsInput(type) || Is(type, _sizes) || Is(type, _budget);

    /// <summary>Whether a class is the base class of trainers.</summary>
    public bool IsTrainer(ITypeSymbol type) => Is(type, _trainer);

    /// <summary>Whether an attribute is [LayersOf], whose layers are those of another network.</summary>
    public bool IsLayersOf(ITypeSymbol type) => Is(type, _layersOf);

    /// <summary>Whether a class is a block: an attribute class that has layers of its own.</summary>
    public bool IsBlock(INamedTypeSymbol type) => DerivesFrom(type, _block);

    /// <summary>Whether a class is an elementwise operator that a user declares.</summary>
    public bool IsElementwise(INamedTypeSymbol type) => DerivesFrom(type, _elementwise);

    /// <summary>Whether a class is an elementwise loss that a user declares.</summary>
    public bool IsElementwiseLoss(INamedTypeSymbol type) => DerivesFrom(type, _elementwiseLoss);

    /// <summary>Whether an attribute is [Trained].</summary>
    public bool IsTrained(ITypeSymbol? type) => Is(type, _trained);

    /// <summary>
    /// Whether an attribute belongs to the network language: the input, a layer, a block, a loss, or what connects layers.
    /// </summary>
    public bool IsStackAttribute(INamedTypeSymbol type) => IsInput(type) || _stackBases.Any(known => DerivesFrom(type, known));

    /// <summary>
    /// The short name of a class whose methods an operator may call, see <see cref="FormulaFunctions"/>; null if it is another class.
    /// </summary>
    public string? FunctionsOf(INamedTypeSymbol type) =>
        type.SpecialType == SpecialType.System_Single ? FormulaFunctions.Float
        : type.SpecialType == SpecialType.System_Double ? FormulaFunctions.Double
        : Is(type, _mathF) ? FormulaFunctions.MathF
        : Is(type, _math) ? FormulaFunctions.Math
        : Is(type, _functions) ? FormulaFunctions.Strata
        : null;

    private static bool DerivesFrom(INamedTypeSymbol type, Lazy<INamedTypeSymbol?> known)
    {
        if (type.BaseType is null or { SpecialType: not SpecialType.None })
        {
            return false;
        }

        for (INamedTypeSymbol? ancestor = type.BaseType; ancestor is not null; ancestor = ancestor.BaseType)
        {
            if (Is(ancestor, known))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Is(ITypeSymbol? type, Lazy<INamedTypeSymbol?> known) =>
        type is not null && known.Value is { } found && SymbolEqualityComparer.Default.Equals(type, found);
}
