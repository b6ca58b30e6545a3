"""The pages of the incidents area."""
