namespace Strata.Generator;

/// <summary>Names of the pipeline's steps, for the tests that assert what an edit recomputes.</summary>
internal static class TrackingNames
{
    public const string Declarations = nameof(Declarations);
    public const string Unbound = nameof(Unbound);
    public const string UnboundProblems = nameof(UnboundProblems);
    public const string Reports = nameof(Reports);
    public const string Models = nameof(Models);
    public const string Sources = nameof(Sources);
    public const string BorrowedMethods = nameof(BorrowedMethods);
    public const string PlacedSources = nameof(PlacedSources);
    public const string Settings = nameof(Settings);
    public const string Tiers = nameof(Tiers);
    public const string KernelIndex = nameof(KernelIndex);
    public const string OwnBlocks = nameof(OwnBlocks);
    public const string BlockTexts = nameof(BlockTexts);
    public const string OwnOperators = nameof(OwnOperators);
    public const string OperatorTexts = nameof(OperatorTexts);
    public const string AmbiguousNames = nameof(AmbiguousNames);
}
