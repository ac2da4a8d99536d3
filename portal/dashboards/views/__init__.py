"""The pages that span strategy, activities and grants; one module per page."""
