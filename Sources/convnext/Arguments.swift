public import ArgumentParser
public import ConvNeXtSchema
public import Convert
public import Inspect

extension Naming: ExpressibleByArgument {}
extension OutputContainer: ExpressibleByArgument {}
extension TensorListing.Order: ExpressibleByArgument {}
